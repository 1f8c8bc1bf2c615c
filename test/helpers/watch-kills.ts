// Kills a process that watches a folder, again and again, while files are dropped into it.
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {CLI_PATH, commandEnvironment, type Ending} from './command.ts';
import type {Dice} from './large-tables.ts';
import type {Drop} from './watched-account.ts';
import {DropMaker, dropFile, WAYS_IN} from './watched-drops.ts';

export interface KillOptions {
	/** A folder of this alone. */
	readonly folder: string;
	readonly kills: number;
	readonly files: number;
	readonly dice: Dice;
	/** Another build of the command. */
	readonly cli?: string | undefined;
	/** Called after each kill. */
	readonly onKill?: (number: number) => void;
}

const FLAGS = ['--settle', '0.2', '--poll', '0.2', '--recovery-interval', '0.5'];

/** @returns What was dropped; all of it has been worked off at the end by a process that nobody has killed. */
export async function watchUnderKills({
	folder,
	kills,
	files,
	dice,
	cli,
	onKill,
}: KillOptions): Promise<readonly Drop[]> {
	const root = join(folder, 'watched');
	mkdirSync(join(root, 'unprocessed'), {recursive: true});
	const maker = new DropMaker(root, dice);
	let killed = 0;
	const drop = async (): Promise<void> => {
		await dropFile(root, join(folder, 'staging'), maker.next(), dice.pick(WAYS_IN));
	};
	const dropping = (async () => {
		// Some are there before anybody watches, and the others come as the kills do.
		while (maker.drops.length < files) {
			if (maker.drops.length < (files * (killed + 1)) / kills) await drop();
			else await wait(5);
			if (dice.isOneIn(3)) await wait(dice.roll(60));
		}
	})();
	while (killed < kills) {
		const watching = startWatching(root, {cli});
		await untilMoment(root, dice, watching.isOver);
		if (watching.isOver()) throw new Error(`The process has ended by itself: ${JSON.stringify(await watching.ended)}`);
		watching.kill();
		await watching.ended;
		killed++;
		onKill?.(killed);
	}
	await dropping;
	const last = await startWatching(root, {flags: ['--once'], cli}).ended;
	// 4: what was left for it were duplicates alone.
	if (![0, 1, 4].includes(Number(last.code)))
		throw new Error(`The last one has ended with ${last.code}: ${last.stderr}`);
	return maker.drops;
}

/** At any time, while it begins and recovers, or just when it has taken something. */
async function untilMoment(root: string, dice: Dice, isOver: () => boolean): Promise<void> {
	const kind = dice.roll(3);
	if (kind === 0) return void (await wait(200 + dice.roll(2500)));
	if (kind === 1) return void (await wait(150 + dice.roll(500)));
	const before = new Set(listUnder(root));
	for (let tries = 0; tries < 2000 && !isOver(); tries++) {
		if (listUnder(root).some(name => !before.has(name))) break;
		await wait(1);
	}
	await wait(dice.pick([0, 1, 3, 10, 30]));
}

function listUnder(root: string): readonly string[] {
	try {
		return readdirSync(join(root, 'underprocess'), 'latin1');
	} catch {
		return [];
	}
}

export interface Watching {
	readonly ended: Promise<Ending>;
	readonly isOver: () => boolean;
	/** What it has written there so far. */
	readonly stderr: () => string;
	readonly pid: number;
	/** By SIGKILL, where no other signal is given. */
	readonly kill: (signal?: NodeJS.Signals) => void;
}

export interface WatchingOptions {
	readonly flags?: readonly string[];
	/** A program that starts it. */
	readonly through?: readonly string[];
	/** Another build of the command. */
	readonly cli?: string | undefined;
	/** Called with each line of its output. */
	readonly onLine?: (line: string) => void;
}

export function startWatching(
	root: string,
	{flags = [], through = [], cli = CLI_PATH, onLine}: WatchingOptions = {},
): Watching {
	const [file = '', ...args] = [...through, process.execPath, cli, 'watch', root, ...FLAGS, ...flags];
	const child = spawn(file, args, {env: commandEnvironment(), stdio: ['ignore', 'pipe', 'pipe']});
	const output = {stdout: '', stderr: ''};
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
		});
	}
	if (onLine !== undefined) createInterface(child.stdout).on('line', onLine);
	let isOver = false;
	const ended = new Promise<Ending>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			isOver = true;
			resolve({code: code ?? signal, ...output});
		});
	});
	// None of them outlives whoever has started it.
	const end = (): void => void child.kill('SIGKILL');
	process.once('exit', end);
	void ended.finally(() => process.off('exit', end));
	return {
		...{pid: child.pid ?? -1, ended, isOver: () => isOver, stderr: () => output.stderr},
		kill: (signal = 'SIGKILL') => void child.kill(signal),
	};
}
