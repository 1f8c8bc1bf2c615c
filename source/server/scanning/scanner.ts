// Asks a scanner of the operator's whether a file is harmless: a program, or clamd.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {pipeline} from 'node:stream/promises';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {readStored} from '../encryption/stored-file.ts';

export type Scanner = {readonly command: readonly [string, ...string[]]} | {readonly clamd: string};

export type Verdict =
	| {readonly outcome: 'clean'}
	/** `reason`: what the scanner calls it. */
	| {readonly outcome: 'blocked'; readonly reason: string}
	/** The scanner has said nothing of it. */
	| {readonly outcome: 'unavailable'; readonly reason: string};

const TIMEOUT_MS = 10 * 60_000;
const MAX_ANSWER = 4096;
const MAX_REASON = 200;
const CLEAN = {outcome: 'clean'} as const;

export function scanFile(scanner: Scanner, path: string, stopping: AbortSignal): Promise<Verdict> {
	const signal = AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)]);
	const work = 'command' in scanner ? askProgram(scanner.command, path, signal) : askClamd(scanner.clamd, path, signal);
	return work.catch((error: unknown) => unavailable(messageOf(error)));
}

const unavailable = (reason: string): Verdict => ({outcome: 'unavailable', reason: shorten(reason)});

const shorten = (text: string): string => safe(text.trim().split('\n', 1)[0] ?? '').slice(0, MAX_REASON);

/** 0: it is harmless; 1: it is not, and the first line says what it is; anything else: the program could not tell. As clamscan and clamdscan have it. */
async function askProgram(
	[name, ...words]: readonly [string, ...string[]],
	path: string,
	signal: AbortSignal,
): Promise<Verdict> {
	const child = spawn(name, [...words, path], {stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL'});
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (text: string) => {
			if (said.length < MAX_ANSWER) said += text;
		});
	const [code, ended] = (await once(child, 'close')) as [number | null, string | null];
	// The path is one of ours, and no name for people.
	const reason = said.replaceAll(path, '').replace(/^[:\s]+/, '');
	if (code === 0) return CLEAN;
	if (code === 1) return {outcome: 'blocked', reason: shorten(reason) || 'the scanner does not say what it is'};
	return unavailable(`${name} ended with ${code ?? ended}: ${reason}`);
}

/** INSTREAM of clamd: pieces with their lengths in front, and an empty one at the end. @param place - A path, or host:port. */
async function askClamd(place: string, path: string, signal: AbortSignal): Promise<Verdict> {
	const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(place) ?? [];
	const socket = port === '' ? connect(place) : connect(Number(port), host.replace(/^\[(.*)\]$/, '$1'));
	const abort = (): void => void socket.destroy(new Error('clamd has not answered in time'));
	signal.addEventListener('abort', abort, {once: true});
	try {
		const answered = readAnswer(socket);
		await once(socket, 'connect');
		let fault: unknown = null;
		await pipeline(framed(path), socket, {end: false}).catch((error: unknown) => {
			fault = error;
		});
		const answer = await answered;
		// It answers before the end where it takes no more, and what goes wrong with the sending then is of no importance.
		if (answer === '' && fault !== null) throw fault;
		return verdictOf(answer);
	} finally {
		signal.removeEventListener('abort', abort);
		socket.destroy();
	}
}

async function* framed(path: string): AsyncGenerator<Uint8Array, void> {
	yield Buffer.from('zINSTREAM\0');
	for await (const bytes of readStored(path)) {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(bytes.length);
		yield length;
		yield bytes;
	}
	yield Buffer.alloc(4);
}

/** @returns `''`: it has said nothing until the connection ended. */
function readAnswer(socket: Socket): Promise<string> {
	let said = '';
	return new Promise(resolve => {
		const end = (): void => resolve(said.replace(/\0.*$/s, ''));
		socket.on('data', bytes => {
			said += bytes.toString('latin1');
			if (said.includes('\0') || said.length > MAX_ANSWER) end();
		});
		socket.on('close', end);
		socket.on('end', end);
	});
}

function verdictOf(answer: string): Verdict {
	if (/: OK$/.test(answer)) return CLEAN;
	const found = /: (.+) FOUND$/.exec(answer)?.[1];
	if (found !== undefined) return {outcome: 'blocked', reason: shorten(found)};
	return unavailable(answer === '' ? 'clamd has closed the connection' : `clamd says ${answer}`);
}
