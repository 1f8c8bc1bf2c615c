// A robot in front of a real terminal: it presses keys, waits until it sees something, and knows what a person would see.
import {closeSync, constants, openSync, writeSync} from 'node:fs';
import {Readable} from 'node:stream';
import type {IPty} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {expect, onTestFinished, vi} from 'vitest';
import {CLI_PATH, commandEnvironment, type Environment} from './command.ts';
import {PATIENT} from './patient.ts';

const nodePty = await import('@lydell/node-pty').catch((error: unknown) => {
	console.warn(`There is no pseudo-terminal here (${String(error)}), so tests of terminals are skipped.`);
	return null;
});

/** Why there are no terminals to test with; `null` where there are. */
export const whyNoTerminal = nodePty === null ? 'node-pty has no build for this machine' : null;

export interface RobotOptions {
	readonly columns?: number;
	readonly rows?: number;
	readonly cwd?: string;
	readonly env?: Environment;
}

/** The terminal is as a person's: it answers what programs ask it, and tells them of its size. */
export class Robot {
	/** All that was written to the terminal. */
	written = '';
	/** Of the program that was started. */
	readonly pid: number;
	readonly #exitCode: Promise<number>;
	readonly #pty: IPty;
	readonly #terminal: xterm.Terminal;
	#isCursorShown = true;

	constructor(file: string, args: readonly string[], {columns = 80, rows = 24, cwd, env}: RobotOptions = {}) {
		if (nodePty === null) throw new Error(String(whyNoTerminal));
		this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 5000});
		const size = {cols: columns, rows};
		const environment = commandEnvironment(env);
		const terminalName = environment.TERM ?? 'xterm-256color';
		const pty = nodePty.spawn(file, [...args], {
			...size,
			name: terminalName,
			env: environment,
			...(cwd === undefined ? {} : {cwd}),
		});
		this.#pty = pty;
		this.pid = pty.pid;
		readToTheEnd(pty);
		this.#watchCursor();
		pty.onData(text => {
			this.written += text;
			this.#terminal.write(text);
		});
		this.#terminal.onData(answer => {
			pty.write(answer);
		});
		let hasEnded = false;
		this.#exitCode = new Promise(resolve => {
			pty.onExit(({exitCode, signal = 0}) => {
				hasEnded = true;
				resolve(signal === 0 ? exitCode : 128 + signal);
			});
		});
		onTestFinished(() => {
			if (!hasEnded) this.kill('SIGKILL');
		});
	}

	static command(args: readonly string[], options?: RobotOptions): Robot {
		return new Robot(process.execPath, [CLI_PATH, ...args], options);
	}

	/** Resolves with the exit code when the program has ended; rejects with the screen when it does not end. */
	get exit(): Promise<number> {
		const {promise: isOverdue, reject} = Promise.withResolvers<never>();
		const timer = setTimeout(async () => {
			reject(new Error(`Expected the program to end, but it still shows this:\n${await this.screen()}`));
		}, PATIENT.timeout);
		return Promise.race([this.#exitCode, isOverdue]).finally(() => clearTimeout(timer));
	}

	/** Presses keys: the bytes a terminal sends for them. */
	press(...keys: readonly string[]): void {
		for (const key of keys) this.#pty.write(key);
	}

	/** The visible lines, without the spaces at their ends. */
	async lines(): Promise<string[]> {
		let {active} = await this.#settledBuffer();
		// A frame comes in pieces; a terminal shows it when it is whole.
		for (let turns = 0; turns < 1000 && this.#terminal.modes.synchronizedOutputMode; turns++) {
			await new Promise(resolve => setImmediate(resolve));
			({active} = await this.#settledBuffer());
		}
		return Array.from({length: this.#terminal.rows}, (_, row) => textOf(active.getLine(active.viewportY + row)));
	}

	async screen(): Promise<string> {
		const lines = await this.lines();
		return lines.join('\n').trimEnd();
	}

	/** The normal screen with all that has scrolled out of it: what stays when a program is left. */
	async scrollback(): Promise<string> {
		const {normal} = await this.#settledBuffer();
		const lines = Array.from({length: normal.length}, (_, row) => textOf(normal.getLine(row)));
		return lines.join('\n').trimEnd();
	}

	/** Waits until the screen shows it; gives back the screen. */
	waitForScreen(expected: string | RegExp): Promise<string> {
		return vi.waitFor(async () => {
			const screen = await this.screen();
			if (typeof expected === 'string') expect(screen).toContain(expected);
			else expect(screen).toMatch(expected);
			return screen;
		}, PATIENT);
	}

	resize(columns: number, rows: number): void {
		this.#terminal.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	kill(signal: NodeJS.Signals): void {
		this.#pty.kill(signal);
	}

	/** The window is closed, or the link dies: the terminal is gone, and the system tells its programs so. */
	hangUp(): void {
		socketOf(this.#pty).destroy();
	}

	/** Stops reading, and fills what is kept for a terminal on the way: from then on it does not take a single byte. */
	async stall(): Promise<void> {
		this.#pty.pause();
		const socket: unknown = Reflect.get(this.#pty, '_socket');
		if (!(socket instanceof Readable)) throw new Error('Expected a stream that reads the terminal');
		const path: unknown = Reflect.get(this.#pty, 'ptsName');
		const descriptor = openSync(String(path), constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
		try {
			// The stream of Node goes on reading until it has something that nobody takes: only then what fills the terminal stays there.
			await vi.waitFor(() => {
				const hasFilled = fill(descriptor) > 0;
				expect(socket.readableLength).toBeGreaterThan(0);
				expect(hasFilled).toBe(false);
			}, PATIENT);
		} finally {
			closeSync(descriptor);
		}
	}

	/** Reads again, first of all what waits. */
	drain(): void {
		this.#pty.resume();
	}

	async isAlternateScreen(): Promise<boolean> {
		const {active} = await this.#settledBuffer();
		return active.type === 'alternate';
	}

	async isCursorShown(): Promise<boolean> {
		await this.#settledBuffer();
		return this.#isCursorShown;
	}

	/** What the terminal was asked to tell of. */
	async modes(): Promise<xterm.IModes> {
		await this.#settledBuffer();
		return this.#terminal.modes;
	}

	/** The terminal is as it was before: on its normal screen, with its cursor, not in any mode that a program asked for. */
	async expectRestored(): Promise<void> {
		expect(await this.isAlternateScreen()).toBe(false);
		expect(await this.isCursorShown()).toBe(true);
		const {bracketedPasteMode, mouseTrackingMode, sendFocusMode, synchronizedOutputMode, wraparoundMode} =
			this.#terminal.modes;
		expect({bracketedPasteMode, mouseTrackingMode, sendFocusMode, synchronizedOutputMode, wraparoundMode}).toEqual({
			bracketedPasteMode: false,
			mouseTrackingMode: 'none',
			sendFocusMode: false,
			synchronizedOutputMode: false,
			wraparoundMode: true,
		});
	}

	async #settledBuffer(): Promise<xterm.Terminal['buffer']> {
		await new Promise<void>(resolve => this.#terminal.write('', resolve));
		return this.#terminal.buffer;
	}

	#watchCursor(): void {
		for (const [final, isShown] of [
			['h', true],
			['l', false],
		] as const) {
			this.#terminal.parser.registerCsiHandler({prefix: '?', final}, parameters => {
				if (parameters.includes(25)) this.#isCursorShown = isShown;
				return false;
			});
		}
	}
}

const textOf = (line: xterm.IBufferLine | undefined): string => line?.translateToString().trimEnd() ?? '';

interface Destroyable {
	destroy: (error?: Error) => unknown;
}

const isDestroyable = (value: unknown): value is Destroyable =>
	typeof value === 'object' && value !== null && 'destroy' in value && typeof value.destroy === 'function';

function socketOf(pty: IPty): Destroyable {
	const socket: unknown = Reflect.get(pty, '_socket');
	if (!isDestroyable(socket)) throw new Error('Expected node-pty to have a socket');
	return socket;
}

/**
node-pty lets go of the terminal 200 ms after the program has ended. Where this process got no time to run meanwhile, it has to
read first what the program wrote last: Linux gives 4 kB of it in each turn of the event loop.
*/
function readToTheEnd(pty: IPty): void {
	const socket = socketOf(pty);
	const destroy = socket.destroy.bind(socket);
	let hasRead = false;
	pty.onData(() => {
		hasRead = true;
	});
	socket.destroy = error => {
		const destroyWhenRead = (): void => {
			if (!hasRead) return void destroy(error);
			hasRead = false;
			setImmediate(destroyWhenRead);
		};
		// Reading comes before immediates.
		hasRead = false;
		setImmediate(destroyWhenRead);
		return socket;
	};
}

/** Writes as much as there is room for; gives back how much that was. */
function fill(descriptor: number): number {
	let count = 0;
	try {
		// One by one, so that the last of it is taken too; and a terminal shows nothing for NUL.
		for (;;) count += writeSync(descriptor, Buffer.alloc(1));
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
		return count;
	}
}

/** `\u{1b}[…m`: sequences that set a look; what they set, one by one. */
export const looksOf = (written: string): string[] =>
	Array.from(written.matchAll(/\u{1b}\[([\d;:]*)m/gu), ([, parameters = '']) => parameters);
