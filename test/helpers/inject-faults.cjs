// Loaded in front of the program, in every thread: lets calls of the file system fail, or never return, as the rules in the
// environment say. See faults.ts, which writes them. No compiler is needed for that, and nothing of the program is another.
'use strict';
const fs = require('node:fs');
const {syncBuiltinESMExports} = require('node:module');
const {constants} = require('node:os');
const {basename} = require('node:path');
const {getSystemErrorMap} = require('node:util');

const {rules, folder} = JSON.parse(process.env.INJECTED_FAULTS);
const {openSync, fstatSync, readSync, statSync, closeSync, mkdirSync} = fs;
/** Names of files that are open in this thread. */
const names = new Map();
const opened = new Set();
/** Calls so far, for each rule and descriptor. */
const counts = new Map();

function numberOf(name) {
	const [number = -constants.errno[name]] = Array.from(getSystemErrorMap()).find(([, [known]]) => known === name) ?? [];
	if (Number.isNaN(number)) throw new Error(`There is no ${name} here`);
	return number;
}

/** As Node throws it. */
function systemError(error, syscall) {
	const errno = typeof error === 'number' ? -error : numberOf(error);
	const [code, words] = getSystemErrorMap().get(errno) ?? [
		`Unknown system error ${errno}`,
		`Unknown system error ${errno}`,
	];
	return Object.assign(new Error(`${code}: ${words}, ${syscall}`), {errno, code, syscall});
}

/** Whether it is this one's turn, over all threads. */
function isDue(rule, number) {
	for (let time = 0; time < rule.times; time++) {
		try {
			mkdirSync(`${folder}/${number}-${time}`);
			return true;
		} catch {
			// This time was another's.
		}
	}
	return rule.times === undefined;
}

function fail(call, name, key, position) {
	for (const [number, rule] of rules.entries()) {
		if (rule.call !== call || rule.name !== name) continue;
		const count = (counts.get(`${number} ${key}`) ?? 0) + 1;
		counts.set(`${number} ${key}`, count);
		if (count < (rule.nth ?? 1) || (position ?? 0) < (rule.fromByte ?? 0) || !isDue(rule, number)) continue;
		// Nobody ever writes to it, so this waits in the operating system, where nothing of JavaScript can end it.
		if (rule.error === 'hang') openSync(`${folder}/fifo`, constants.O_RDONLY);
		if (rule.error === 'end-thread') process.exit(7);
		if (rule.error === 'exhaust-heap') for (const held = []; ; ) held.push(new Array(1e6).fill(held.length));
		if (rule.error === 'loop') for (;;);
		throw systemError(rule.error, call);
	}
}

const nameOf = path => basename(String(path));
fs.openSync = (path, ...rest) => {
	fail('open', nameOf(path), '');
	const fd = openSync(path, ...rest);
	names.set(fd, nameOf(path));
	opened.add(nameOf(path));
	for (const key of counts.keys()) if (key.endsWith(` fd${fd}`)) counts.delete(key);
	return fd;
};
fs.fstatSync = (fd, ...rest) => {
	fail('fstat', names.get(fd), `fd${fd}`);
	return fstatSync(fd, ...rest);
};
fs.readSync = (fd, target, offset = 0, length = target.byteLength - offset, position = null) => {
	const name = names.get(fd);
	const cut = rules.find(rule => rule.error === 'end-of-file' && rule.name === name);
	if (cut !== undefined)
		return position >= cut.fromByte
			? 0
			: readSync(fd, target, offset, Math.min(length, cut.fromByte - position), position);
	fail('read', name, `fd${fd}`, position);
	// Up to a bad place all is delivered.
	const bad = rules.find(rule => rule.call === 'read' && rule.name === name && rule.fromByte > position);
	return readSync(fd, target, offset, bad === undefined ? length : Math.min(length, bad.fromByte - position), position);
};
fs.statSync = (path, ...rest) => {
	// Only after it was read: the plan is another's business.
	if (opened.has(nameOf(path))) fail('stat', nameOf(path), '');
	return statSync(path, ...rest);
};
fs.closeSync = fd => {
	const name = names.get(fd);
	names.delete(fd);
	closeSync(fd);
	fail('close', name, `fd${fd}`);
};
syncBuiltinESMExports();
