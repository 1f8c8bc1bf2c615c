// One who follows a run. It gets a frame when it has taken the one before, as large as it takes in a short time: a slow one has fewer and smaller
// ones, and one that has stalled none.
import {type RawData, WebSocket} from 'ws';
import type {RunControl} from '../model/run-control.ts';
import {messageOf} from '../text/system-error.ts';
import {FrameBuilder} from './frame-builder.ts';
import type {Answers, RunMessage, ViewerMessage} from './messages.ts';
import {readViewerMessage} from './read-viewer-message.ts';
import type {SharedRun} from './shared-run.ts';

export interface ViewerOptions {
	/** Of the program. */
	readonly version: string;
	/** The paths of the run, as given. */
	readonly title: string;
	/** Whether those who follow may pause, cancel, retry and stop. */
	readonly mayControl: boolean;
	/** The run, once it has begun. */
	readonly control: () => RunControl | null;
}

/** As much as a reader takes in this time goes into a frame. */
const FRAME_TIME_MS = 250;
const [MIN_FRAME_BYTES, FIRST_FRAME_BYTES, MAX_FRAME_BYTES] = [1024, 16 * 1024, 128 * 1024];
/** So long one may take nothing, not even a sign of life. */
const SILENCE_MS = 60_000;
const CLOSING_MS = 2000;
const GOING_AWAY = 1001;
const POLICY = 1008;

export class Viewer {
	readonly #socket: WebSocket;
	readonly #run: SharedRun;
	readonly #frames: FrameBuilder;
	readonly #options: ViewerOptions;
	/** The frame that it has not taken yet. */
	#sent: {readonly number: number; readonly bytes: number; readonly atMs: number} | null = null;
	#maxBytes = FIRST_FRAME_BYTES;
	#heardAtMs = performance.now();
	#onTaken = (): void => {};

	constructor(socket: WebSocket, run: SharedRun, options: ViewerOptions) {
		this.#socket = socket;
		this.#frames = new FrameBuilder(run);
		this.#run = run;
		this.#options = options;
		const {version, title, mayControl} = options;
		this.#send({type: 'welcome', version, title, mayControl});
		socket.on('message', (data: RawData, isBinary) => this.#receive(isBinary ? null : String(data)));
		socket.on('pong', () => {
			this.#heardAtMs = performance.now();
		});
		this.sendFrame();
	}

	/** Where something has changed, and it has taken the one before. */
	sendFrame(): void {
		if (this.#sent !== null) return;
		const frame = this.#frames.next(this.#maxBytes);
		if (frame === null) return;
		const bytes = this.#send(frame);
		this.#sent = {number: frame.number, bytes, atMs: performance.now()};
	}

	/** Gives a sign of life, and looks for one: the network may have gone without a word. */
	beat(): void {
		if (performance.now() - this.#heardAtMs > SILENCE_MS) this.#socket.terminate();
		else if (this.#socket.bufferedAmount === 0) this.#socket.ping();
	}

	/** It gets what is left of the run, if it takes it in time. */
	async finish(): Promise<void> {
		const end = setTimeout(() => this.#socket.terminate(), CLOSING_MS);
		const {promise: closed, resolve} = Promise.withResolvers<void>();
		this.#socket.once('close', resolve);
		if (this.#socket.readyState === WebSocket.CLOSED) resolve();
		const goOn = (): void => {
			this.sendFrame();
			if (this.#sent === null) this.#socket.close(GOING_AWAY, 'The run has ended');
		};
		this.#onTaken = goOn;
		goOn();
		await closed;
		clearTimeout(end);
	}

	#send(message: RunMessage): number {
		const text = JSON.stringify(message);
		this.#socket.send(text);
		return Buffer.byteLength(text);
	}

	#receive(line: string | null): void {
		this.#heardAtMs = performance.now();
		const message = line === null ? null : readViewerMessage(line);
		if (message === null) this.#socket.close(POLICY, 'This is no message of fileproc-tui attach');
		else if (message.type === 'taken') this.#take(message.frame);
		else if (message.type === 'perform') this.#perform(message);
		else
			this.#answer(message).catch((error: unknown) =>
				this.#refuse(`The run cannot say that: ${messageOf(error)}`, message.id),
			);
	}

	#take(frame: number): void {
		if (this.#sent?.number !== frame) return;
		const {bytes, atMs} = this.#sent;
		this.#sent = null;
		const bytesPerMs = bytes / Math.max(1, performance.now() - atMs);
		// A short frame says little of what could be taken.
		const ceiling = Math.max(2 * this.#maxBytes, MIN_FRAME_BYTES);
		const fitting = Math.min(bytesPerMs * FRAME_TIME_MS, ceiling, MAX_FRAME_BYTES);
		if (bytes > this.#maxBytes / 2 || fitting > this.#maxBytes) this.#maxBytes = Math.max(MIN_FRAME_BYTES, fitting);
		this.#onTaken();
	}

	#perform({command}: Extract<ViewerMessage, {type: 'perform'}>): void {
		const control = this.#options.control();
		if (!this.#options.mayControl) this.#refuse('This run is read-only: it was started without --allow-control');
		else if (control === null) this.#refuse('The run has not begun yet: try again');
		else {
			try {
				control.perform(command);
			} catch (error) {
				this.#refuse(`The run could not do that: ${messageOf(error)}`);
			}
		}
	}

	#refuse(message: string, id?: number): void {
		this.#send({type: 'refusal', message, ...(id !== undefined && {id})});
	}

	async #answer({id, about, file = '', jobId}: Extract<ViewerMessage, {type: 'ask'}>): Promise<void> {
		const control = this.#options.control();
		const address = jobId === undefined ? {file} : {file, jobId};
		const answers: {readonly [Key in keyof Answers]: () => Promise<Answers[Key]>} = {
			results: async () =>
				this.#run.state.phase === 'ended' ? this.#run.state.analyses : ((await control?.inspectRun?.()) ?? null),
			report: async () => this.#run.reportOf(address),
			inspection: async () => (await control?.inspectFile?.(file, jobId)) ?? null,
		};
		this.#send({type: 'answer', id, value: await answers[about]()});
	}
}
