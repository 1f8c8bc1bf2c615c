// Loaded in front of the program, in every thread and process of it: single calls that change files of a folder fail, or the watcher is killed there.
// Of a write half of the bytes are written before. See failing-calls.ts, which says which ones. Nothing of the program is another.
'use strict';
const fs = require('node:fs');
const {syncBuiltinESMExports} = require('node:module');
const {constants} = require('node:os');
const {resolve} = require('node:path');

const {folder, counts, fault, numbers, moves} = JSON.parse(process.env.FAILING_CALLS);
// Processes of processors inherit it: it is the watcher that dies.
process.env.FAILING_CALLS_PID ??= String(process.pid);
const {openSync, closeSync, existsSync, writeSync, writeFileSync, mkdirSync} = fs;
const {open, writeFile} = fs.promises;
/** Descriptors of files in the folder that are open here. */
const watched = new Set();

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

/** Whether a move to such a place is to fail still, over all threads and processes. */
function isRefused(target) {
	if (moves === undefined || !String(target).endsWith(moves.to)) return false;
	for (let number = 0; number < moves.times; number++) {
		try {
			mkdirSync(`${counts}-moves-${number}`);
			return true;
		} catch {
			// This one has failed before.
		}
	}
	return false;
}

function failure(syscall) {
	if (fault === 'KILL') process.kill(Number(process.env.FAILING_CALLS_PID), 'SIGKILL');
	return Object.assign(new Error(`${fault}: injected, ${syscall}`), {
		...{errno: -constants.errno[fault], code: fault, syscall},
	});
}

const isIn = path => resolve(String(path)).startsWith(`${folder}/`);
const makesFile = (flags = 'r') =>
	typeof flags === 'number' ? (flags & (fs.constants.O_CREAT | fs.constants.O_TRUNC)) !== 0 : /[wa]/.test(flags);
const half = bytes => {
	const buffer = Buffer.from(bytes);
	return buffer.subarray(0, buffer.length >> 1);
};

fs.openSync = (path, flags, ...rest) => {
	if (isIn(path) && makesFile(flags) && isDue()) throw failure('open');
	const descriptor = openSync(path, flags, ...rest);
	if (isIn(path)) watched.add(descriptor);
	return descriptor;
};
fs.closeSync = descriptor => {
	watched.delete(descriptor);
	closeSync(descriptor);
};
fs.writeFileSync = (file, data, ...rest) => {
	const isOurs = typeof file === 'number' ? watched.has(file) : isIn(file);
	if (!isOurs || !isDue()) return writeFileSync(file, data, ...rest);
	if (typeof file === 'number') writeSync(file, half(data));
	else writeFileSync(file, half(data), ...rest);
	throw failure('write');
};
fs.promises.writeFile = async (path, data, ...rest) => {
	if (!isIn(path) || !isDue()) return writeFile(path, data, ...rest);
	await writeFile(path, half(data), ...rest);
	throw failure('write');
};

/** Of a folder that is there already `mkdir` changes nothing. */
const changes = (name, path) => isIn(path) && (!name.startsWith('mkdir') || !existsSync(path));
for (const name of ['rename', 'mkdir', 'unlink', 'rmdir', 'rm', 'link', 'chmod']) {
	const [later, now] = [fs.promises[name], fs[`${name}Sync`]];
	fs.promises[name] = async (path, ...rest) => {
		if (changes(name, path) && (isDue() || (name === 'rename' && isRefused(rest[0])))) throw failure(name);
		return later(path, ...rest);
	};
	fs[`${name}Sync`] = (path, ...rest) => {
		if (changes(name, path) && isDue()) throw failure(name);
		return now(path, ...rest);
	};
}

fs.promises.open = async (path, flags, ...rest) => {
	if (isIn(path) && makesFile(flags) && isDue()) throw failure('open');
	const handle = await open(path, flags, ...rest);
	if (!isIn(path)) return handle;
	const {write} = handle;
	handle.write = async (bytes, offset, length, position) => {
		if (!isDue()) return write.call(handle, bytes, offset, length, position);
		await write.call(handle, bytes, offset, length >> 1, position);
		throw failure('write');
	};
	for (const name of ['writeFile', 'appendFile']) {
		const whole = handle[name];
		handle[name] = async bytes => {
			if (!isDue()) return whole.call(handle, bytes);
			await whole.call(handle, half(bytes));
			throw failure('write');
		};
	}
	for (const name of ['sync', 'datasync', 'truncate', 'chmod']) {
		const whole = handle[name];
		handle[name] = async (...rest) => {
			if (isDue()) throw failure(name);
			return whole.apply(handle, rest);
		};
	}
	return handle;
};
syncBuiltinESMExports();
