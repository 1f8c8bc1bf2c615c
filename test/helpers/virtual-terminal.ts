// A terminal in memory: Ink writes to it as to a TTY, tests read the screen a person would see and press keys.
import {PassThrough, Writable} from 'node:stream';
import xterm from '@xterm/headless';

interface Waiting {
	readonly text: string;
	readonly onWritten: () => void;
}

/** A cell of the screen as it is drawn. */
export interface DrawnCell {
	/** Empty for the second half of a wide character. */
	readonly text: string;
	/** `default`, `ansi:6`, or `#56b4e9`. */
	readonly color: string;
	readonly isBold: boolean;
	readonly isDim: boolean;
	readonly isInverse: boolean;
	readonly isUnderlined: boolean;
}

export class VirtualTerminal {
	/** Everything that was written, in order. */
	written = '';
	isRaw = false;
	columns: number;
	rows: number;
	readonly stdout: NodeJS.WriteStream;
	readonly stdin: NodeJS.ReadStream;
	readonly #terminal: xterm.Terminal;
	#isReading = true;
	#waiting: Waiting[] = [];

	constructor(columns: number, rows: number) {
		this.columns = columns;
		this.rows = rows;
		// Without convertEol a line feed would keep the column, as in a terminal in raw mode it does not.
		this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 0});
		this.stdout = this.#createStdout();
		this.stdin = this.#createStdin();
	}

	/** The visible lines, without the spaces at their ends. */
	async lines(): Promise<string[]> {
		await new Promise<void>(resolve => this.#terminal.write('', resolve));
		const {active} = this.#terminal.buffer;
		return Array.from(
			{length: this.rows},
			(_, row) =>
				active
					.getLine(active.viewportY + row)
					?.translateToString()
					.trimEnd() ?? '',
		);
	}

	/** Every cell of every line. */
	async cells(): Promise<DrawnCell[][]> {
		await new Promise<void>(resolve => this.#terminal.write('', resolve));
		const {active} = this.#terminal.buffer;
		return Array.from({length: this.rows}, (_, row) => {
			const line = active.getLine(active.viewportY + row);
			return Array.from({length: this.columns}, (_, column) => drawnCell(line?.getCell(column)));
		});
	}

	async screen(): Promise<string> {
		const lines = await this.lines();
		return lines.join('\n').trimEnd();
	}

	get isAlternateScreen(): boolean {
		return this.#terminal.buffer.active.type === 'alternate';
	}

	/** Presses keys: the bytes a terminal sends for them. */
	press(input: string): void {
		this.stdin.push(input);
	}

	resize(columns: number, rows: number): void {
		this.columns = columns;
		this.rows = rows;
		this.#terminal.resize(columns, rows);
		this.stdout.emit('resize');
	}

	/** Stops reading, like a dead link: what is written now waits. */
	stall(): void {
		this.#isReading = false;
	}

	/** Bytes that wait for the terminal to read. */
	get backlogBytes(): number {
		return this.#waiting.reduce((sum, {text}) => sum + text.length, 0);
	}

	/** Reads again, first of all what waits. */
	drain(): void {
		this.#isReading = true;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const {text, onWritten} of waiting) this.#take(text, onWritten);
	}

	#take(text: string, onWritten: () => void): void {
		this.written += text;
		this.#terminal.write(text);
		onWritten();
	}

	#createStdout(): NodeJS.WriteStream {
		const stream = new Writable({
			decodeStrings: false,
			write: (chunk: string | Buffer, _encoding, onWritten) => {
				const text = String(chunk);
				if (this.#isReading) this.#take(text, onWritten);
				else this.#waiting.push({text, onWritten});
			},
		});
		Object.defineProperties(stream, {
			isTTY: {value: true},
			columns: {get: () => this.columns},
			rows: {get: () => this.rows},
		});
		return stream as unknown as NodeJS.WriteStream;
	}

	#createStdin(): NodeJS.ReadStream {
		const stream = new PassThrough();
		Object.assign(stream, {
			isTTY: true,
			setRawMode: (isRaw: boolean) => {
				this.isRaw = isRaw;
				return stream;
			},
			ref: () => stream,
			unref: () => stream,
		});
		return stream as unknown as NodeJS.ReadStream;
	}
}

function drawnCell(cell: xterm.IBufferCell | undefined): DrawnCell {
	const number = cell?.getFgColor() ?? 0;
	const color = cell?.isFgRGB()
		? `#${number.toString(16).padStart(6, '0')}`
		: cell?.isFgPalette()
			? `ansi:${number}`
			: 'default';
	const isSecondHalf = cell?.getWidth() === 0;
	return {
		text: isSecondHalf ? '' : cell?.getChars() || ' ',
		color,
		isBold: Boolean(cell?.isBold()),
		isDim: Boolean(cell?.isDim()),
		isInverse: Boolean(cell?.isInverse()),
		isUnderlined: Boolean(cell?.isUnderline()),
	};
}

export const KEY = {
	up: '\u{1b}[A',
	down: '\u{1b}[B',
	left: '\u{1b}[D',
	pageUp: '\u{1b}[5~',
	pageDown: '\u{1b}[6~',
	home: '\u{1b}[H',
	end: '\u{1b}[F',
	enter: '\r',
	escape: '\u{1b}',
	tab: '\t',
	ctrlB: '\u{2}',
	ctrlC: '\u{3}',
	ctrlF: '\u{6}',
} as const;
