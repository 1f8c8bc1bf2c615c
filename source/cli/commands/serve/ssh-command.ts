// A command behind `ssh <host>`: this program once more, as a client of the server, with the rights of who has logged in. Its exit code comes through.
import {spawn} from 'node:child_process';
import {parse, posix} from 'node:path';
import type {ServerChannel} from 'ssh2';
import {ClientError} from '../../../client/client-error.ts';
import {Connection} from '../../../client/connection.ts';
import {version} from '../../../engine/version.ts';
import {RemoteError} from '../../../remote/remote-error.ts';
import type {S3Location} from '../../../remote/remote-location.ts';
import type {SessionContext} from '../../../ssh/serve-session.ts';
import {safe} from '../../../text/safe.ts';
import {exitCodes} from '../exit-codes.ts';
import {readSshWords, sshHelp} from './ssh-words.ts';

export interface SshPlace {
	/** Where the server is reached from its own machine. */
	readonly origin: string;
}

/** Nothing is there. */
const NOWHERE = '/dev/null';
/** After a signal to end. */
const KILL_MS = 5000;

/** What the role may do with files, before anything of them is read. */
export interface SshRights {
	readonly run: boolean;
	/** With the credentials of the server. */
	readonly readObjects: boolean;
}

export async function sshCommand(
	place: SshPlace,
	text: string,
	channel: ServerChannel,
	context: SessionContext,
	may: SshRights,
): Promise<number> {
	const asked = readSshWords(text);
	switch (asked.type) {
		case 'refused':
			channel.stderr.write(`fileproc-tui: ${safe(asked.reason)}\n`);
			return exitCodes.usage;
		case 'help':
			channel.write(`${sshHelp()}\n`);
			return exitCodes.ok;
		case 'status':
			return status(place, asked.isJson, channel, context);
		case 'command':
			return perform([asked.command, place.origin, ...asked.words], channel, context);
		case 'run-input':
			if (may.run)
				return runStream(place, {name: STDIN, bytes: untilCut(channel, context.signal)}, asked.words, channel, context);
			return refuse('process files', channel, context);
		case 'run-object': {
			if (!may.readObjects) return refuse('have the server read objects with its credentials', channel, context);
			const {object, words} = asked;
			return runStream(
				place,
				{name: posix.basename(object.key), bytes: bytesOf(object, context.signal)},
				words,
				channel,
				context,
			);
		}
	}
}

async function status(
	{origin}: SshPlace,
	isJson: boolean,
	channel: ServerChannel,
	{visitor}: SessionContext,
): Promise<number> {
	const connection = new Connection({origin, token: visitor.token, userAgent: userAgent()});
	try {
		const {body} = await connection.ask<{readonly message: string}>('GET', '/api/v1/run/status');
		channel.write(isJson ? `${JSON.stringify(body, undefined, 2)}\n` : `${safe(body.message)}\n`);
		return exitCodes.ok;
	} catch (error) {
		if (!(error instanceof ClientError)) throw error;
		channel.stderr.write(`fileproc-tui: ${safe(error.message)}\n`);
		return exitCodes.environment;
	} finally {
		connection.close();
	}
}

export const userAgent = (): string => `fileproc-tui/${version} (ssh)`;

function refuse(what: string, channel: ServerChannel, {visitor}: SessionContext): number {
	channel.stderr.write(`fileproc-tui: The role ${safe(visitor.role)} may not ${what}.\n`);
	return exitCodes.environment;
}

/** What a file on standard input is called. */
const STDIN = 'stdin';

interface Incoming {
	readonly name: string;
	readonly bytes: AsyncIterable<Uint8Array>;
}

/** It goes to the server as it comes, so that limits and quotas hold before anything of it lies anywhere. */
async function runStream(
	{origin}: SshPlace,
	{name, bytes}: Incoming,
	words: readonly string[],
	channel: ServerChannel,
	context: SessionContext,
): Promise<number> {
	const connection = new Connection({origin, token: context.visitor.token, userAgent: userAgent(), timeoutMs: 0});
	const sending = new AbortController();
	const signal = AbortSignal.any([context.signal, sending.signal]);
	try {
		const {body} = await connection.ask<{readonly file_id: string}>(
			'PUT',
			`/api/v1/files/${encodeURIComponent(name)}`,
			{
				stream: bytes,
				signal,
			},
		);
		const waiting = words.includes('--wait') ? words : [...words, '--wait'];
		return await perform(['run', origin, ...waiting, '--', body.file_id], channel, context);
	} catch (error) {
		if (context.signal.aborted) return exitCodes.fileFailed;
		const reason = remoteErrorOf(error) ?? error;
		if (!(reason instanceof ClientError || reason instanceof RemoteError)) throw error;
		channel.stderr.write(`fileproc-tui: ${safe(reason.message)}\n`);
		return exitCodes.fileFailed;
	} finally {
		sending.abort();
		connection.close();
	}
}

/** A client that is gone has not come to the end of its file, although nothing more comes. */
async function* untilCut(channel: ServerChannel, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	// What the server refuses in the middle is told by the same channel.
	for await (const chunk of channel.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) yield chunk;
	signal.throwIfAborted();
}

/** What the request broke off for, where that was the object. */
function remoteErrorOf(error: unknown): RemoteError | null {
	for (let reason = error; reason instanceof Error; reason = reason.cause)
		if (reason instanceof RemoteError) return reason;
	return null;
}

const PART_BYTES = 256 * 1024;

/** @throws {RemoteError} */
async function* bytesOf(object: S3Location, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const {openRemote} = await import('../../../remote/open-remote.ts');
	const source = await openRemote(object);
	try {
		if (source.size !== null) source.expect(source.size);
		for (;;) {
			const part = new Uint8Array(PART_BYTES);
			const length = await source.read(part);
			signal.throwIfAborted();
			if (length === 0) return;
			yield part.subarray(0, length);
		}
	} finally {
		source.close();
	}
}

/** The token is in no list of processes, and no configuration of this machine counts. */
function perform(
	words: readonly string[],
	channel: ServerChannel,
	{visitor, env, signal}: SessionContext,
): Promise<number> {
	// Nobody reads standard input, and it would hold back that the client closes the channel.
	channel.resume();
	const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...words], {
		cwd: parse(process.cwd()).root,
		env: {...env, FILEPROC_TOKEN: visitor.token, HOME: NOWHERE, XDG_CONFIG_HOME: NOWHERE},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const end = (): void => {
		child.kill('SIGTERM');
		setTimeout(() => child.kill('SIGKILL'), KILL_MS).unref();
	};
	signal.addEventListener('abort', end, {once: true});
	child.stdout.pipe(channel, {end: false});
	child.stderr.pipe(channel.stderr, {end: false});
	return new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', code => resolve(code ?? exitCodes.bug));
	}).finally(() => signal.removeEventListener('abort', end));
}
