// `fileproc-tui init <what>`: writes files to begin with, says what it has written, and what to run next.
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {joinWords} from '../../text/join-words.ts';
import {displayPath, systemPath} from '../../text/path-text.ts';
import {quoted} from '../../text/quoted.ts';
import {safe} from '../../text/safe.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {SETUP_KINDS, SETUP_NAMES, type SetupKind} from '../arguments/flags/setup-kinds.ts';
import {INIT_EXPECTATION, type InitCommand} from '../arguments/read-init-words.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {makeOutputFolder} from '../outputs/make-folder.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {ask, canAsk} from './client/ask-terminal.ts';
import {exitCodes} from './exit-codes.ts';
import type {Setup, SetupFile} from './init/setup.ts';
import {SETUPS} from './init/setups.ts';

/** What there is in place of a file that is to be written. */
type Found = 'nothing' | 'the same' | 'another';

export async function initCommand({kind, file, folder, isPrinted, isForced}: InitCommand): Promise<number> {
	const setup = SETUPS[kind ?? (await askForKind())]();
	if (isPrinted) return print(setup, file);
	await makeOutputFolder(folder);
	const files = await Promise.all(setup.files.map(async each => ({...each, found: await look(folder, each)})));
	const others = files.filter(({found}) => found === 'another').map(({name}) => safe(displayPath(join(folder, name))));
	if (others.length > 0 && !isForced)
		throw new EnvironmentError(
			`Nothing was written, because there is ${joinWords(others, 'and')} already, with something else in it. --force writes over it, --stdout prints what it would be, and -o <dir> writes elsewhere.`,
		);
	for (const each of files) {
		if (each.found !== 'the same') await write(folder, each, isForced);
		const what = each.found === 'the same' ? 'is there already, as it would be' : 'written';
		process.stderr.write(`fileproc-tui: ${safe(displayPath(join(folder, each.name)))} ${what}\n`);
	}
	process.stderr.write(`What to run next:\n${setup.next.map(line => `  ${line}\n`).join('')}`);
	return exitCodes.ok;
}

/** @throws {UsageError} Where there is nobody to ask. */
async function askForKind(): Promise<SetupKind> {
	if (!canAsk()) throw new UsageError(`${INIT_EXPECTATION}.`);
	const lines = SETUP_NAMES.map(name => `  ${name.padEnd(11)}${SETUP_KINDS[name]}\n`);
	process.stderr.write(`What is it to be?\n${lines.join('')}`);
	for (;;) {
		const answer = (await ask('Name: ')).trim();
		const kind = SETUP_NAMES.find(name => name === answer);
		if (kind !== undefined) return kind;
		process.stderr.write(`${quoted(answer)} is none of them.\n`);
	}
}

async function print({files}: Setup, wanted: string | null): Promise<number> {
	const names = files.map(({name}) => name);
	const file = wanted === null ? files[0] : files.find(({name}) => name === wanted);
	if (file === undefined)
		throw new UsageError(`Expected the name of a file, ${joinWords(names, 'or')}, but got ${quoted(wanted ?? '')}.`);
	const stream = createOutputStream(process.stdout);
	await stream.write(file.text);
	await stream.flush();
	if (wanted === null && files.length > 1)
		process.stderr.write(
			`fileproc-tui: this is ${file.name}; named behind it, there is also ${joinWords(names.slice(1), 'and')}\n`,
		);
	return exitCodes.ok;
}

async function look(folder: string, file: SetupFile): Promise<Found> {
	try {
		const text = await readFile(systemPath(join(folder, file.name)), 'utf8');
		return text === file.text ? 'the same' : 'another';
	} catch (error) {
		return codeOf(error) === 'ENOENT' ? 'nothing' : 'another';
	}
}

/** Never over a file that has come meanwhile. */
async function write(folder: string, file: SetupFile, isForced: boolean): Promise<void> {
	const path = join(folder, file.name);
	try {
		await writeFile(systemPath(path), file.text, {flag: isForced ? 'w' : 'wx'});
	} catch (error) {
		throw new EnvironmentError(`${safe(displayPath(path))} was not written: ${messageOf(error)}`);
	}
}
