// The thread that runs processors: one file at a time. Everything that a module can do to a thread - throw where nobody catches it, end it,
// never return - costs the file that it works on, and this thread.
import {parentPort} from 'node:worker_threads';
import {ProcessorModuleError} from '../../catalog.ts';
import type {FromThread, ThreadReply, ToThread} from '../protocol.ts';
import {describeFailure, sentenceOf} from './describe-failure.ts';
import {loadModule} from './load-processor.ts';
import {checkSettings, runStep} from './run-step.ts';

if (parentPort === null) throw new Error('This file is the entry of a worker thread');
const port = parentPort;
const post = (message: FromThread): void => port.postMessage(message);

const exit = process.exit.bind(process);

/** Nobody has caught it, so nobody knows what else is as it should be. */
process.on('uncaughtException', (error: unknown, origin) => {
	const how = origin === 'unhandledRejection' ? 'A promise that nobody waits for was rejected: ' : '';
	post({type: 'ending', message: `${how}${sentenceOf(error)}`});
	exit(1);
});

process.exit = ((code?: number | string | null) => {
	post({type: 'ending', message: `It called process.exit(${code ?? ''})${placeOf(new Error())}`});
	return exit(code ?? undefined);
}) as typeof process.exit;

const placeOf = (error: Error): string => {
	const place = sentenceOf(error);
	return place.startsWith('Error') ? place.slice('Error'.length) : '';
};

let running: AbortController | null = null;

port.on('message', async (message: ToThread) => {
	if (message.type === 'abort') running?.abort(new Error('The file is given up'));
	else post(await answer(message));
});

async function answer(message: Exclude<ToThread, {type: 'abort'}>): Promise<ThreadReply> {
	switch (message.type) {
		case 'load':
			return load(message.path);
		case 'check':
			return check(message);
		case 'run':
			return run(message);
	}
}

async function load(path: string): Promise<ThreadReply> {
	try {
		return {type: 'loaded', module: (await loadModule(path)).module};
	} catch (error) {
		return notLoaded(error);
	}
}

async function check(message: Extract<ToThread, {type: 'check'}>): Promise<ThreadReply> {
	try {
		await checkSettings(message);
		return {type: 'checked', fault: null};
	} catch (error) {
		return error instanceof ProcessorModuleError ? notLoaded(error) : {type: 'checked', fault: sentenceOf(error)};
	}
}

function notLoaded(error: unknown): ThreadReply {
	if (error instanceof ProcessorModuleError) return {type: 'not-loaded', line: error.line, message: error.message};
	throw error;
}

async function run(message: Extract<ToThread, {type: 'run'}>): Promise<ThreadReply> {
	const controller = new AbortController();
	running = controller;
	try {
		const log = (text: unknown): void => post({type: 'log', message: String(text).slice(0, MAX_LOGGED)});
		const onOutput = (name: string): void => post({type: 'writing', name});
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
