// The terminal at the other end of a channel, as programs take the one that they run on.
import {AsyncResource} from 'node:async_hooks';
import {EventEmitter} from 'node:events';
import type {Socket} from 'node:net';
import {PassThrough} from 'node:stream';
import type {ServerChannel} from 'ssh2';

export interface TerminalSize {
	readonly columns: number;
	readonly rows: number;
}

/** Larger ones are no terminals, but would cost as much as they say. */
const MAX_CELLS = 1000;
const NOTHING = Buffer.alloc(0);

/** A client without a terminal says 0 × 0. */
export const toSize = (columns: number, rows: number): TerminalSize => ({
	columns: columns > 0 ? Math.min(columns, MAX_CELLS) : 80,
	rows: rows > 0 ? Math.min(rows, MAX_CELLS) : 24,
});

export class ChannelTerminal {
	readonly input: TerminalInput;
	readonly output: TerminalOutput;

	constructor(channel: ServerChannel, socket: Socket, size: TerminalSize) {
		this.input = new TerminalInput();
		this.output = new TerminalOutput(channel, socket, size);
		const {input} = this;
		// What a key leads to belongs to this session, also where it fails: by itself it would belong to whatever made the socket, and the library would
		// take an error for one of the connection.
		channel.on(
			'data',
			AsyncResource.bind((chunk: Buffer) => {
				queueMicrotask(() => {
					if (!input.write(chunk)) channel.pause();
				});
			}),
		);
		input.on('drain', () => channel.resume());
		channel.on('end', () => input.end());
	}
}

/** Keys come one by one: a channel knows no other way. */
class TerminalInput extends PassThrough {
	readonly isTTY = true;
	isRaw = true;

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}
}

class TerminalOutput extends EventEmitter {
	readonly isTTY = true;
	readonly #channel: ServerChannel;
	readonly #socket: Socket;
	#size: TerminalSize;

	constructor(channel: ServerChannel, socket: Socket, size: TerminalSize) {
		super();
		this.#channel = channel;
		this.#socket = socket;
		this.#size = size;
	}

	get columns(): number {
		return this.#size.columns;
	}

	get rows(): number {
		return this.#size.rows;
	}

	get destroyed(): boolean {
		return this.#channel.destroyed || this.#socket.destroyed;
	}

	get writableEnded(): boolean {
		return this.#channel.writableEnded;
	}

	/** The library hands all on to the socket at once, as far as the client allows it. */
	get writableLength(): number {
		return this.#channel.writableLength + this.#socket.writableLength;
	}

	resize(size: TerminalSize): void {
		this.#size = size;
		this.emit('resize');
	}

	/** @param onWritten - Called when the system has taken it, and all before it. */
	write(text: string, onWritten?: (error?: Error | null) => void): boolean {
		if (this.destroyed || this.writableEnded) return false;
		// The library writes what it encrypts in pieces, of which each would be a call of the system and a packet of the network.
		this.#socket.cork();
		// Where a terminal is on the machine, its driver adds this.
		const hasRoom = this.#channel.write(text.replaceAll(/\r?\n/g, '\r\n'), error => {
			// Most of the time the system has taken it by then, and need not be asked.
			if (error || this.#socket.destroyed || this.#socket.writableLength === 0) onWritten?.(error ?? null);
			else this.#socket.write(NOTHING, () => onWritten?.());
		});
		this.#socket.uncork();
		return hasRoom;
	}
}
