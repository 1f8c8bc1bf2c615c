// The program within a single executable: lays its files out once, in a folder that this user alone can write to, and runs them from there. Threads
// and processes of the program are files, so they cannot stay within. Child processes are this executable again, with the file to run in front.
const {chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync} = require('node:fs');
const {createRequire} = require('node:module');
const {homedir, tmpdir} = require('node:os');
const {dirname, isAbsolute, join, sep} = require('node:path');
const {getAsset} = require('node:sea');
const v8 = require('node:v8');

const {hash, files} = JSON.parse(getAsset('files.json', 'utf8'));

function layOut(folder) {
	for (const name of files) {
		const path = join(folder, name);
		mkdirSync(dirname(path), {recursive: true, mode: 0o700});
		writeFileSync(path, Buffer.from(getAsset(name)));
	}
	return folder;
}

/** Another user could put a program of theirs there otherwise. */
function isPrivate(path) {
	const {uid, mode} = statSync(path);
	return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o077) === 0);
}

const {XDG_CACHE_HOME: named = ''} = process.env;
const caches = join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'fileproc-tui');
const kept = join(caches, `app-${hash}`);
const temporary = join(tmpdir(), `fileproc-tui-${hash}-`);

function findFolder() {
	let made = null;
	try {
		if (existsSync(kept) && isPrivate(kept)) return kept;
		mkdirSync(caches, {recursive: true, mode: 0o700});
		if (!isPrivate(caches)) chmodSync(caches, 0o700);
		made = layOut(mkdtempSync(join(caches, 'making-')));
		// Whole or not at all; another process may have been faster.
		renameSync(made, kept);
		return kept;
	} catch {
		if (made !== null) rmSync(made, {recursive: true, force: true});
		if (existsSync(kept) && isPrivate(kept)) return kept;
	}
	// Without a home it takes a tenth of a second more each time.
	const folder = layOut(mkdtempSync(temporary));
	process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

/** Whether a word is a file of the program, laid out by this executable. */
function isOwn(word) {
	const folder = [kept, temporary].find(start => word.startsWith(start));
	return folder !== undefined && files.some(name => word.endsWith(`${sep}${name}`)) && existsSync(word);
}

const words = process.argv.slice(2);
const place = words.findIndex(word => !word.startsWith('--'));
const script = words[place] ?? '';
if (isOwn(script)) {
	for (const flag of words.slice(0, place)) v8.setFlagsFromString(flag);
	process.argv = [process.execPath, script, ...words.slice(place + 1)];
	createRequire(script)(script);
} else {
	const entry = join(findFolder(), 'dist', 'cli.js');
	process.argv = [process.execPath, entry, ...words];
	createRequire(entry)(entry);
}
