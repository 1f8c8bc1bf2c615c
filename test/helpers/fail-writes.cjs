// Loaded in front of the program, in every thread and process of it: some writes to files of a folder fail, after half of the bytes. See
// failing-writes.ts, which says which ones. Nothing of the program is another.
'use strict';
const fs = require('node:fs');
const {syncBuiltinESMExports} = require('node:module');
const {constants} = require('node:os');
const {resolve} = require('node:path');

const {folder, counts, code, numbers} = JSON.parse(process.env.FAILING_WRITES);
const {openSync, closeSync, writeSync, writeFileSync, mkdirSync} = fs;
const {open} = fs.promises;
/** Of files in the folder that are open here, by descriptor or handle. */
const isWatched = new Map();

/** Counts over all threads and processes. */
function isDue() {
	for (let number = 1; ; number++) {
		try {
			mkdirSync(`${counts}/${number}`);
			return numbers.includes(number);
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
	}
}

const fault = () =>
	Object.assign(new Error(`${code}: injected, write`), {errno: -constants.errno[code], code, syscall: 'write'});
const isIn = path => resolve(String(path)).startsWith(`${folder}/`);
const half = bytes => {
	const buffer = Buffer.from(bytes);
	return buffer.subarray(0, buffer.length >> 1);
};

fs.openSync = (path, ...rest) => {
	const descriptor = openSync(path, ...rest);
	if (isIn(path)) isWatched.set(descriptor, true);
	return descriptor;
};
fs.closeSync = descriptor => {
	isWatched.delete(descriptor);
	closeSync(descriptor);
};
fs.writeFileSync = (file, data, ...rest) => {
	const isOurs = typeof file === 'number' ? isWatched.has(file) : isIn(file);
	if (!isOurs || !isDue()) return writeFileSync(file, data, ...rest);
	if (typeof file === 'number') writeSync(file, half(data));
	else writeFileSync(file, half(data), ...rest);
	throw fault();
};
fs.promises.open = async (path, ...rest) => {
	const handle = await open(path, ...rest);
	if (!isIn(path)) return handle;
	const {write, writeFile, appendFile} = handle;
	handle.write = async (bytes, offset, length, position) => {
		if (!isDue()) return write.call(handle, bytes, offset, length, position);
		await write.call(handle, bytes, offset, length >> 1, position);
		throw fault();
	};
	for (const [name, whole] of Object.entries({writeFile, appendFile})) {
		handle[name] = async bytes => {
			if (!isDue()) return whole.call(handle, bytes);
			await whole.call(handle, half(bytes));
			throw fault();
		};
	}
	return handle;
};
syncBuiltinESMExports();
