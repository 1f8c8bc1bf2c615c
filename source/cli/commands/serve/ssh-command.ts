// A command behind `ssh <host>`: this program once more, as a client of the server, with the rights of who has logged in. Its exit code comes through.
import {spawn} from 'node:child_process';
import {parse} from 'node:path';
import type {ServerChannel} from 'ssh2';
import {ClientError} from '../../../client/client-error.ts';
import {Connection} from '../../../client/connection.ts';
import {version} from '../../../engine/version.ts';
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

export async function sshCommand(
	place: SshPlace,
	text: string,
	channel: ServerChannel,
	context: SessionContext,
	mayRun: boolean,
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
			if (mayRun) return runInput(place, asked.words, channel, context);
			// Before anything of it is written down.
			channel.stderr.write(`fileproc-tui: The role ${safe(context.visitor.role)} may not process files.\n`);
			return exitCodes.environment;
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

/** What a file on standard input is called. */
const NAME = 'stdin';

/** It goes to the server as it comes, so that limits and quotas hold before anything of it lies anywhere. */
async function runInput(
	{origin}: SshPlace,
	words: readonly string[],
	channel: ServerChannel,
	context: SessionContext,
): Promise<number> {
	const connection = new Connection({origin, token: context.visitor.token, userAgent: userAgent(), timeoutMs: 0});
	const sending = new AbortController();
	const signal = AbortSignal.any([context.signal, sending.signal]);
	try {
		const {body} = await connection.ask<{readonly file_id: string}>('PUT', `/api/v1/files/${NAME}`, {
			stream: untilCut(channel, context.signal),
			signal,
		});
		const waiting = words.includes('--wait') ? words : [...words, '--wait'];
		return await perform(['run', origin, ...waiting, '--', body.file_id], channel, context);
	} catch (error) {
		if (context.signal.aborted) return exitCodes.fileFailed;
		if (!(error instanceof ClientError)) throw error;
		channel.stderr.write(`fileproc-tui: ${safe(error.message)}\n`);
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
