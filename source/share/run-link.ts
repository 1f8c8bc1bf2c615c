// One connection to a run: its messages in order, and why it has ended. A run gives a sign of life every 15 s, so one that says nothing for longer is lost.
import {WebSocket} from 'ws';
import {type RunMessage, SUBPROTOCOL, type ViewerMessage} from './messages.ts';
import {readRunMessage} from './read-run-message.ts';

export interface LinkOptions {
	/** `ws://127.0.0.1:8001`, or `ws+unix:` and the path of a socket. */
	readonly url: string;
	/** With nothing coming for so long, not even a sign of life, it is lost. */
	readonly silenceMs: number;
	/** What it throws ends the connection, as what is no message does. */
	readonly onMessage: (message: RunMessage) => void;
	/** Called once. */
	readonly onEnd: (end: LinkEnd) => void;
}

export interface LinkEnd {
	/** A sentence, without its end. */
	readonly reason: string;
	/** Whether it is of no use to try again. */
	readonly isFinal: boolean;
}

const GREETING_MS = 10_000;
/** Messages are small, but for the results of a run with many groups. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const MALFORMED = 'What came is no message of a run of fileproc-tui, so it is not followed any more';

export class RunLink {
	readonly #socket: WebSocket;
	readonly #options: LinkOptions;
	#silence: NodeJS.Timeout;
	#hasEnded = false;

	constructor(options: LinkOptions) {
		this.#options = options;
		this.#socket = new WebSocket(options.url, SUBPROTOCOL, {
			...{perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: GREETING_MS},
			followRedirects: false,
		});
		const silent = {reason: `No answer for ${Math.round(options.silenceMs / 1000)} s`, isFinal: false};
		this.#silence = setTimeout(() => this.end(silent), options.silenceMs);
		const hear = (): void => {
			this.#silence.refresh();
		};
		this.#socket.on('ping', hear);
		this.#socket.on('message', (data, isBinary) => {
			hear();
			if (!this.#hasEnded) this.#read(isBinary ? '' : String(data));
		});
		this.#socket.on('error', (error: NodeJS.ErrnoException) =>
			this.end({reason: describeFault(error), isFinal: false}),
		);
		this.#socket.on('close', (_code, reason) =>
			this.end({reason: String(reason) || 'The connection was cut', isFinal: false}),
		);
	}

	/** @returns Whether there is a connection. */
	send(message: ViewerMessage): boolean {
		const isOpen = this.#socket.readyState === WebSocket.OPEN;
		if (isOpen) this.#socket.send(JSON.stringify(message));
		return isOpen;
	}

	/** Ends it for this reason; once it has ended, that stays so. */
	end(end: LinkEnd): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		clearTimeout(this.#silence);
		this.#socket.terminate();
		this.#options.onEnd(end);
	}

	#read(line: string): void {
		const message = readRunMessage(line);
		try {
			if (message === null) throw new TypeError('It is no message');
			this.#options.onMessage(message);
		} catch {
			this.end({reason: MALFORMED, isFinal: true});
		}
	}
}

function describeFault({code, message}: NodeJS.ErrnoException): string {
	if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'Nobody listens there: the run may have ended';
	if (code === 'ENOTFOUND') return 'There is no machine of this name';
	return message;
}
