// Files on their way to the server: three at a time, by tus. A lost connection is waited for; a closed page goes on when the file is chosen again.
import {type DetailedError, Upload} from 'tus-js-client';
import {ask, noteUse, reasonOf} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import type {Usage} from '../api/types.ts';
import {endSession, getSession, onSession} from '../session/session.ts';
import {findRefusal, type Room, roomAfter} from './admission.ts';
import type {GivenFile} from './dropped-files.ts';
import {SpeedMeter} from './speed-meter.ts';
import {detailOf, statusOf} from './upload-errors.ts';
import {fingerprintOf, uploadMemory} from './upload-memory.ts';

export type UploadState = 'waiting' | 'uploading' | 'paused' | 'reconnecting' | 'done' | 'failed' | 'refused';

export interface UploadItem {
	readonly id: number;
	readonly name: string;
	readonly relativePath: string | null;
	readonly bytes: number;
	readonly sent: number;
	readonly state: UploadState;
	/** Why it was refused or has failed. */
	readonly reason: string | null;
	readonly isJunk: boolean;
	/** Of the file that it has become. */
	readonly fileId: string | null;
}

export interface QueueState {
	readonly items: readonly UploadItem[];
	readonly bytesPerSecond: number | null;
	readonly startsByItself: boolean;
}

const ENDPOINT = '/api/v1/uploads';
/** What has to be sent again at most after a cut. */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** Of the six connections of a browser to a server. */
const AT_ONCE = 3;
/** As long as it takes: after the last one, a person has to say that it is to go on. */
const RETRY_MS = [250, 500, 1000, 2000, 4000, ...Array.from({length: 500}, () => 5000)];
const SPACING_MS = 100;

const OPEN: ReadonlySet<UploadState> = new Set(['waiting', 'uploading', 'paused', 'reconnecting']);
export const isOpen = ({state}: UploadItem): boolean => OPEN.has(state);

class UploadQueue {
	#state: QueueState = {items: [], bytesPerSecond: null, startsByItself: false};
	readonly #listeners = new Set<() => void>();
	readonly #files = new Map<number, GivenFile>();
	readonly #uploads = new Map<number, Upload>();
	readonly #speed = new SpeedMeter();
	readonly #waitsForSession = new Set<number>();
	/** Whose files they are. */
	#account: string | null = null;
	#nextId = 1;
	#timer: ReturnType<typeof setTimeout> | null = null;
	/** What the items will be when views hear of it next. */
	#items: readonly UploadItem[] = [];

	constructor() {
		onSession(() => {
			const session = getSession();
			if (session.status === 'out') this.#holdForSession();
			if (session.status !== 'in') return;
			// What somebody was sending is nothing to who signs in next.
			if (this.#account !== session.user.id) this.#forgetAll();
			this.#account = session.user.id;
			this.#goOnWithSession();
		});
	}

	getState = (): QueueState => this.#state;

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	setStartsByItself(startsByItself: boolean): void {
		this.#state = {...this.#state, startsByItself};
		this.#publish();
	}

	/** Says of each file at once whether it is worth sending. */
	async add(given: readonly GivenFile[]): Promise<void> {
		if (given.length === 0) return;
		let room: Room;
		try {
			room = await this.#readRoom();
		} catch (error) {
			const items = given.map(each => this.#itemOf(each, 'failed', reasonOf(error)));
			this.#set([...this.#items, ...items]);
			return;
		}
		const added: UploadItem[] = [];
		for (const each of given) {
			const {name, size: bytes} = each.file;
			const refusal = findRefusal({name, bytes, relativePath: each.relativePath}, room);
			if (refusal === null) room = roomAfter(room, bytes);
			const item = this.#itemOf(each, refusal === null ? 'waiting' : 'refused', refusal?.reason ?? null);
			added.push({...item, isJunk: refusal?.isJunk === true});
		}
		this.#set([...this.#items, ...added]);
		this.#startNext();
	}

	async pause(id: number): Promise<void> {
		this.#change(id, {state: 'paused'});
		await this.#uploads.get(id)?.abort();
		this.#uploads.delete(id);
		this.#startNext();
	}

	resume(id: number): void {
		this.#change(id, {state: 'waiting', reason: null});
		this.#startNext();
	}

	pauseAll(): void {
		for (const item of this.#items) if (isOpen(item) && item.state !== 'paused') void this.pause(item.id);
	}

	resumeAll(): void {
		for (const {id, state} of this.#items) if (state === 'paused') this.#change(id, {state: 'waiting'});
		this.#startNext();
	}

	#forgetAll(): void {
		for (const upload of this.#uploads.values()) void upload.abort();
		this.#remove(this.#items.map(({id}) => id));
		// Before anything is shown to somebody else.
		this.#publish();
	}

	/** They go on with the next sign-in. */
	#holdForSession(): void {
		for (const item of this.#items) {
			if (!isOpen(item) || item.state === 'paused') continue;
			this.#waitsForSession.add(item.id);
			void this.pause(item.id);
		}
	}

	#goOnWithSession(): void {
		const ids = [...this.#waitsForSession];
		this.#waitsForSession.clear();
		for (const id of ids) if (this.#find(id)?.state === 'paused') this.resume(id);
	}

	async giveUp(id: number): Promise<void> {
		const upload = this.#uploads.get(id);
		this.#remove([id]);
		this.#startNext();
		// What was sent is of no use any more; if nobody can be told now, it expires.
		await upload?.abort(true).catch(() => {});
	}

	clearEnded(): void {
		this.#remove(this.#items.filter(item => !isOpen(item)).map(({id}) => id));
	}

	#itemOf(given: GivenFile, state: UploadState, reason: string | null): UploadItem {
		const id = this.#nextId++;
		this.#files.set(id, given);
		const {file, relativePath} = given;
		return {id, name: file.name, relativePath, bytes: file.size, sent: 0, state, reason, isJunk: false, fileId: null};
	}

	async #readRoom(): Promise<Room> {
		const {files, bytes} = await ask<Usage>('GET', '/api/v1/usage');
		const pending = this.#items.filter(isOpen);
		const pendingBytes = pending.reduce((sum, item) => sum + item.bytes, 0);
		return {
			maxBytes: bytes.limit_of_a_file,
			bytesLeft: bytes.limit === null ? null : bytes.limit - bytes.used - pendingBytes,
			bytesLimit: bytes.limit,
			filesLeft: files.limit === null ? null : files.limit - files.used - pending.length,
			filesLimit: files.limit,
		};
	}

	#startNext(): void {
		const active = this.#items.filter(({state}) => state === 'uploading' || state === 'reconnecting').length;
		const next = this.#items.filter(({state}) => state === 'waiting').slice(0, Math.max(0, AT_ONCE - active));
		for (const {id} of next) void this.#start(id);
	}

	async #start(id: number): Promise<void> {
		const given = this.#files.get(id);
		if (given === undefined) return;
		this.#change(id, {state: 'uploading'});
		const {file, relativePath} = given;
		const fingerprint = await fingerprintOf(file, relativePath);
		const upload = new Upload(file, {
			endpoint: ENDPOINT,
			chunkSize: CHUNK_BYTES,
			retryDelays: RETRY_MS,
			metadata: {filename: file.name, filetype: file.type, ...(relativePath !== null && {relativePath})},
			urlStorage: uploadMemory,
			storeFingerprintForResuming: fingerprint !== null,
			fingerprint: async () => fingerprint ?? '',
			removeFingerprintOnSuccess: true,
			onShouldRetry: error => this.#mayRetry(id, error),
			onProgress: sent => this.#progress(id, sent),
			onChunkComplete: noteUse,
			onSuccess: ({lastResponse}) => this.#succeed(id, lastResponse.getHeader('Upload-File-Id') ?? null),
			onError: error => this.#fail(id, error),
		});
		const [previous] = fingerprint === null ? [] : await upload.findPreviousUploads();
		if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
		if (this.#find(id)?.state !== 'uploading') return;
		this.#uploads.set(id, upload);
		upload.start();
	}

	/** Anything but a refusal may pass by itself. */
	#mayRetry(id: number, error: DetailedError | Error): boolean {
		const status = statusOf(error);
		const mayPass = status === 0 || status >= 500 || status === 409 || status === 423 || status === 429;
		if (mayPass) this.#change(id, {state: 'reconnecting'});
		return mayPass;
	}

	#progress(id: number, sent: number): void {
		const item = this.#find(id);
		if (item === undefined || !isOpen(item)) return;
		if (sent > item.sent) this.#speed.add(sent - item.sent, performance.now());
		this.#change(id, {sent, ...(item.state === 'reconnecting' && {state: 'uploading'})});
	}

	#succeed(id: number, fileId: string | null): void {
		const item = this.#find(id);
		if (item === undefined) return;
		this.#change(id, {state: 'done', sent: item.bytes, fileId});
		this.#release(id);
		this.#startNext();
		if (this.#state.startsByItself && fileId !== null) void this.#run(id, fileId);
	}

	/** What the file fits best. There may be no room for another task at the moment. */
	async #run(id: number, fileId: string): Promise<void> {
		for (;;) {
			try {
				await ask('POST', '/api/v1/runs', {json: {file_id: fileId}});
				return;
			} catch (error) {
				if (!(error instanceof ProblemError && error.mayPass)) return this.#change(id, {reason: reasonOf(error)});
				await new Promise(resolve => setTimeout(resolve, error.retryAfterMs ?? 1000));
			}
		}
	}

	#fail(id: number, error: Error): void {
		const item = this.#find(id);
		if (item === undefined || item.state === 'paused') return;
		if (statusOf(error) === 401) {
			this.#waitsForSession.add(id);
			this.#change(id, {state: 'paused'});
			endSession();
		} else this.#change(id, {state: 'failed', reason: detailOf(error)});
		this.#uploads.delete(id);
		this.#startNext();
	}

	#find(id: number): UploadItem | undefined {
		return this.#items.find(item => item.id === id);
	}

	#change(id: number, change: Partial<UploadItem>): void {
		this.#set(this.#items.map(item => (item.id === id ? {...item, ...change} : item)));
	}

	#remove(ids: readonly number[]): void {
		for (const id of ids) this.#release(id);
		this.#set(this.#items.filter(({id}) => !ids.includes(id)));
	}

	#release(id: number): void {
		this.#uploads.delete(id);
		this.#files.delete(id);
	}

	#set(items: readonly UploadItem[]): void {
		this.#items = items;
		this.#timer ??= setTimeout(() => this.#publish(), SPACING_MS);
	}

	#publish(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		const isBusy = this.#items.some(({state}) => state === 'uploading');
		const bytesPerSecond = isBusy ? this.#speed.bytesPerSecond(performance.now()) : null;
		this.#state = {...this.#state, items: this.#items, bytesPerSecond};
		for (const listener of this.#listeners) listener();
	}
}

export const uploadQueue = new UploadQueue();
