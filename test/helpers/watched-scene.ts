// A watched folder of a test, and the process that watches it.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, onTestFinished, vi} from 'vitest';
import type {WatchStatus} from '../../source/model/watch-status.ts';
import {createFolder} from './command.ts';
import {PATIENT} from './patient.ts';
import {startWatching, type Watching} from './watch-kills.ts';
import {type AccountOptions, accountFor, type Drop} from './watched-account.ts';
import {dropFile, type WayIn} from './watched-drops.ts';

interface Told {
	readonly type: string;
	readonly file?: string;
}

export class WatchedScene {
	readonly root: string;
	readonly #staging: string;
	readonly drops: Drop[] = [];
	/** Events that the last process has told. */
	events: Told[] = [];

	constructor() {
		const folder = createFolder();
		this.root = join(folder, 'watched');
		this.#staging = join(folder, 'staging');
		mkdirSync(join(this.root, 'unprocessed'), {recursive: true});
		mkdirSync(this.#staging);
	}

	/** It is ended with the test. */
	start(...flags: readonly string[]): Watching {
		this.events = [];
		const onLine = (line: string): void => void this.events.push(JSON.parse(line) as Told);
		const watching = startWatching(this.root, {flags: ['--jsonl', ...flags], onLine});
		onTestFinished(() => watching.kill());
		return watching;
	}

	async drop(name: string | Buffer, body: string | Buffer, way: WayIn = 'move'): Promise<void> {
		const drop = {name: Buffer.from(name), body: Buffer.from(body)};
		this.drops.push(drop);
		await dropFile(this.root, this.#staging, drop, way);
	}

	/** Flags by which each file is worked on until `release`, or until the test ends. */
	untilRelease(): readonly string[] {
		const script = 'touch "$1/working.$$"; while [ -d "$1" ] && [ ! -e "$1/released" ]; do sleep 0.05; done';
		const run = ['sh', '-c', script, 'sh', this.#staging];
		const steps = [{processor: 'command', with: {run}}, {processor: 'analyze'}];
		const path = `${this.#staging}.routes.json`;
		writeFileSync(path, JSON.stringify({routes: [{tag: 'slow', match: 'any', steps}]}));
		return ['--routes', path];
	}

	/** Flags by which it tells how it is doing, for `untilStatusIs`. */
	keepStatus(): readonly string[] {
		return ['--status-file', this.#statusFile];
	}

	/** Waits for the next time that it tells so. */
	async untilStatusIs(isSo: (status: WatchStatus) => boolean): Promise<void> {
		rmSync(this.#statusFile, {force: true});
		await vi.waitUntil(
			() => existsSync(this.#statusFile) && isSo(JSON.parse(readFileSync(this.#statusFile, 'utf8')) as WatchStatus),
			PATIENT,
		);
	}

	get #statusFile(): string {
		return `${this.#staging}.status.json`;
	}

	/** Waits until one of these is worked on: what it is before its steps is known by then. */
	async untilWorking(): Promise<void> {
		const isWorking = (): boolean => readdirSync(this.#staging).some(name => name.startsWith('working'));
		await vi.waitUntil(isWorking, PATIENT);
	}

	release(): void {
		writeFileSync(join(this.#staging, 'released'), '');
	}

	/** Puts something into the folder that is not to be taken. */
	write(name: string, body: string): string {
		const path = join(this.root, name);
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, body);
		return path;
	}

	list(folder: string): readonly string[] {
		return readdirSync(join(this.root, folder), {encoding: 'latin1'}).sort();
	}

	count(type: string): number {
		return this.events.filter(event => event.type === type).length;
	}

	async untilStarted(watching: Watching, count = 1): Promise<void> {
		await vi.waitUntil(() => this.count('file-started') >= count || watching.isOver(), PATIENT);
		if (watching.isOver()) expect.fail(`It has ended: ${JSON.stringify(await watching.ended)}`);
	}

	/** Waits until so many files are where they belong. */
	async untilDone(count: number): Promise<void> {
		await vi.waitFor(() => {
			const reasons = this.list('failed').filter(name => name.endsWith('.reason.json')).length;
			expect(this.list('processed').length + reasons).toBeGreaterThanOrEqual(count);
			expect(this.list('underprocess')).toEqual([]);
		}, PATIENT);
	}

	/** Ends the process, which must be fine. */
	async stop(watching: Watching): Promise<string> {
		watching.kill('SIGTERM');
		const {code, stderr} = await watching.ended;
		expect(code, stderr).toBe(143);
		return stderr;
	}

	expectInOrder(options?: AccountOptions): void {
		expect(accountFor(this.root, this.drops, options)).toEqual({faults: [], crashLoops: []});
	}
}
