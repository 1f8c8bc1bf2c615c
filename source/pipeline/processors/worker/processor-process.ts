// The process that runs processors: one file at a time. Everything that a module can do to it - throw where nobody catches it, end it, never
// return, fill its memory - costs the file that it works on, and this process.
import {AsyncLocalStorage} from 'node:async_hooks';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {systemPath} from '../../../text/path-text.ts';
import {ProcessorModuleError} from '../../catalog.ts';
import type {FromProcess, ProcessReply, ToProcess} from '../protocol.ts';
import {describeFailure, sentenceOf} from './describe-failure.ts';
import {loadModule} from './load-processor.ts';
import {checkSettings, runStep} from './run-step.ts';

if (process.send === undefined) throw new Error('This file is the entry of a process with a parent');
const send = process.send.bind(process);
// A message is written before this returns, unless the other side is far behind.
const post = (message: FromProcess): void => void send(message, undefined, undefined, () => {});

// What a module sends to its parent is not for it.
Reflect.deleteProperty(process, 'send');

const exit = process.exit.bind(process);

/** Which request something was begun by; they are counted. */
const begunBy = new AsyncLocalStorage<number>();
let requests = 0;

/** A timer of an earlier file may go off during the next one, which it is no fault of. */
const isOfEarlier = (): boolean => (begunBy.getStore() ?? requests) !== requests;

/** Nobody has caught it, so nobody knows what else is as it should be. */
process.on('uncaughtException', (error: unknown, origin) => {
	const how = origin === 'unhandledRejection' ? 'A promise that nobody waits for was rejected: ' : '';
	post({type: 'ending', message: `${how}${sentenceOf(error)}`, isOfEarlier: isOfEarlier()});
	exit(1);
});

process.exit = ((code?: number | string | null) => {
	const message = `It called process.exit(${code ?? ''})${placeOf(new Error())}`;
	post({type: 'ending', message, isOfEarlier: isOfEarlier()});
	return exit(code ?? undefined);
}) as typeof process.exit;

const placeOf = (error: Error): string => {
	const place = sentenceOf(error);
	return place.startsWith('Error') ? place.slice('Error'.length) : '';
};

// The program decides when what it has begun ends; a signal for all of a service is for it alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const parent = process.ppid;

/** Another program may have taken up the file by now. */
function leave(path: string): never {
	rmSync(systemPath(path), {force: true});
	return exit(0);
}

/** Without its parent nobody wants its results. */
process.on('disconnect', () => exit(0));
endWithParent();

/** The same while it computes, and does not hear of anything. */
function endWithParent(): void {
	const watch = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(-process.pid, 'SIGKILL'); }, 200);`;
	const watcher = new Worker(watch, {eval: true});
	watcher.unref();
}

let running: AbortController | null = null;

process.on('message', async (message: ToProcess) => {
	if (message.type === 'abort') running?.abort(new Error('The file is given up'));
	else post(await begunBy.run(++requests, () => answer(message)));
});

async function answer(message: Exclude<ToProcess, {type: 'abort'}>): Promise<ProcessReply> {
	switch (message.type) {
		case 'load':
			return load(message.path);
		case 'check':
			return check(message);
		case 'run':
			return run(message);
	}
}

async function load(path: string): Promise<ProcessReply> {
	try {
		return {type: 'loaded', module: (await loadModule(path)).module};
	} catch (error) {
		return notLoaded(error);
	}
}

async function check(message: Extract<ToProcess, {type: 'check'}>): Promise<ProcessReply> {
	try {
		await checkSettings(message);
		return {type: 'checked', fault: null};
	} catch (error) {
		return error instanceof ProcessorModuleError ? notLoaded(error) : {type: 'checked', fault: sentenceOf(error)};
	}
}

function notLoaded(error: unknown): ProcessReply {
	if (error instanceof ProcessorModuleError) return {type: 'not-loaded', line: error.line, message: error.message};
	throw error;
}

async function run(message: Extract<ToProcess, {type: 'run'}>): Promise<ProcessReply> {
	const controller = new AbortController();
	running = controller;
	try {
		const log = (text: unknown): void => post({type: 'log', message: String(text).slice(0, MAX_LOGGED)});
		const onOutput = (name: string): void => {
			if (process.ppid !== parent) leave(join(message.outputFolder, name));
			post({type: 'writing', name});
		};
		return {type: 'completed', outcome: await runStep(message, {signal: controller.signal, log, onOutput})};
	} catch (error) {
		return {type: 'failed', failure: describeFailure(error)};
	} finally {
		running = null;
	}
}

/** In characters. */
const MAX_LOGGED = 4000;

post({type: 'ready'});
