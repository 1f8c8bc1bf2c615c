// What a process that watches a folder asks of the system, in order, as strace has seen it: calls that change folders or make changes last.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Ending} from './command.ts';
import {createFolder} from './command.ts';
import {startWatching} from './watch-kills.ts';

const NAMES = ['openat', 'rename', 'fsync', 'fdatasync', 'pwrite64', 'write'] as const;

/** A call that went well and is about something in the folder. */
export interface TracedCall {
	readonly name: (typeof NAMES)[number];
	/** Below the folder; of a rename, what it was before. */
	readonly path: string;
	/** Below the folder: where a rename leads to. */
	readonly to: string;
	/** As strace names them. */
	readonly flags: readonly string[];
	readonly data: Buffer;
	readonly offset: number;
	/** Places in the trace: a call has had its effect by the second one, and none before the first. */
	readonly begins: number;
	readonly ends: number;
}

export interface Traced {
	readonly calls: readonly TracedCall[];
	readonly ending: Ending;
}

/** @param cli - Another build of the command. */
export async function traceWatching(root: string, cli?: string): Promise<Traced> {
	const output = join(createFolder(), 'trace');
	const what = ['-f', '-yy', '-xx', '-s', '5000', '-e', `trace=${NAMES.join()}`];
	// What is compiled of a build for one test is of no use later.
	const through = ['env', 'NODE_DISABLE_COMPILE_CACHE=1', 'strace', '-qq', '--seccomp-bpf', ...what, '-o', output];
	const ending = await startWatching(root, {through, flags: ['--once'], cli}).ended;
	return {calls: parseTrace(readFileSync(output, 'latin1'), root), ending};
}

function parseTrace(text: string, root: string): TracedCall[] {
	/** Of calls that other threads have come between, by the thread. */
	const begun = new Map<string, {readonly head: string; readonly begins: number}>();
	const calls: TracedCall[] = [];
	for (const [place, line] of text.split('\n').entries()) {
		const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
		const head = /^(.*) <unfinished \.\.\.>$/.exec(rest)?.[1];
		if (head !== undefined) {
			begun.set(thread, {head, begins: place});
			continue;
		}
		const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
		const {head: before = '', begins = place} = resumed === undefined ? {} : (begun.get(thread) ?? {});
		const call = parseCall(`${before}${resumed ?? rest}`, root, begins, place);
		if (call !== null) calls.push(call);
	}
	return calls.sort((left, right) => left.begins - right.begins);
}

function parseCall(text: string, root: string, begins: number, ends: number): TracedCall | null {
	const [, word, args = '', result = ''] = /^(\w+)\((.*)\) += (\d+)/.exec(text) ?? [];
	const name = NAMES.find(each => each === word);
	if (name === undefined) return null;
	const texts = Array.from(args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g), ([, hex = '']) => toBytes(hex));
	const ofDescriptor = toBytes(/^\d+<([^>]*)>/.exec(args)?.[1] ?? '').toString('latin1');
	const isNamed = name === 'openat' || name === 'rename';
	const path = isNamed ? (texts[0]?.toString('latin1') ?? '') : ofDescriptor;
	if (!path.startsWith(`${root}/`)) return null;
	const data = isNamed ? Buffer.alloc(0) : (texts[0] ?? Buffer.alloc(0));
	if (name === 'pwrite64' && data.length !== Number(result))
		throw new Error(`Expected all of what is written: ${text}`);
	return {
		...{name, path: path.slice(root.length + 1), data, begins, ends},
		to: name === 'rename' ? (texts[1]?.toString('latin1') ?? '').slice(root.length + 1) : '',
		flags: name === 'openat' ? (/ (O_[A-Z_|]+)/.exec(args)?.[1] ?? '').split('|') : [],
		offset: name === 'pwrite64' ? Number(/, (\d+)$/.exec(args)?.[1]) : 0,
	};
}

const toBytes = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
