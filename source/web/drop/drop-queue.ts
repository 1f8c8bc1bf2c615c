// Files on their way to the server by a drop link, one after the other, by tus: a lost connection is waited for.
import {type DetailedError, Upload} from 'tus-js-client';
import type {GivenFile} from '../uploads/dropped-files.ts';
import {detailOf, statusOf} from '../uploads/upload-errors.ts';

export interface DropUpload {
	readonly id: number;
	readonly name: string;
	readonly bytes: number;
	readonly sent: number;
	readonly state: 'waiting' | 'uploading' | 'reconnecting' | 'done' | 'failed';
	/** Why it has failed. */
	readonly reason: string | null;
}

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [250, 500, 1000, 2000, 4000, ...Array.from({length: 500}, () => 5000)];

export class DropQueue {
	readonly #token: string;
	readonly #listeners = new Set<() => void>();
	readonly #files = new Map<number, GivenFile>();
	#uploads: readonly DropUpload[] = [];
	#current: {readonly id: number; readonly upload: Upload} | null = null;
	#nextId = 1;

	constructor(token: string) {
		this.#token = token;
	}

	/** Something is not with the server yet. */
	get isSending(): boolean {
		return this.#uploads.some(({state}) => state === 'waiting' || state === 'uploading' || state === 'reconnecting');
	}

	getState = (): readonly DropUpload[] => this.#uploads;

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	add(given: readonly GivenFile[]): void {
		const added = given.map((each): DropUpload => {
			const id = this.#nextId++;
			this.#files.set(id, each);
			return {id, name: each.file.name, bytes: each.file.size, sent: 0, state: 'waiting', reason: null};
		});
		this.#set([...this.#uploads, ...added]);
		this.#startNext();
	}

	giveUp(id: number): void {
		// What was sent is of no use any more; if nobody can be told now, it expires.
		if (this.#current?.id === id) this.#current.upload.abort(true).catch(() => {});
		this.#set(this.#uploads.filter(each => each.id !== id));
		this.#end(id);
	}

	#startNext(): void {
		const next = this.#uploads.find(({state}) => state === 'waiting');
		const given = next === undefined ? undefined : this.#files.get(next.id);
		if (this.#current !== null || next === undefined || given === undefined) return;
		const {id} = next;
		const {file, relativePath} = given;
		const upload = new Upload(file, {
			endpoint: '/api/v1/uploads',
			headers: {authorization: `Bearer ${this.#token}`},
			chunkSize: CHUNK_BYTES,
			retryDelays: RETRY_MS,
			// What one sends by a link leaves nothing in the browser.
			storeFingerprintForResuming: false,
			metadata: {filename: file.name, filetype: file.type, ...(relativePath !== null && {relativePath})},
			onShouldRetry: error => this.#mayRetry(id, error),
			onProgress: sent => this.#change(id, {sent, state: 'uploading'}),
			onSuccess: () => {
				this.#change(id, {sent: file.size, state: 'done'});
				this.#end(id);
			},
			onError: error => {
				this.#change(id, {state: 'failed', reason: detailOf(error)});
				this.#end(id);
			},
		});
		this.#current = {id, upload};
		this.#change(id, {state: 'uploading'});
		upload.start();
	}

	#end(id: number): void {
		this.#files.delete(id);
		if (this.#current?.id === id) this.#current = null;
		this.#startNext();
	}

	/** Anything but a refusal may pass by itself. */
	#mayRetry(id: number, error: DetailedError | Error): boolean {
		const status = statusOf(error);
		const mayPass = status === 0 || status >= 500 || status === 409 || status === 423 || status === 429;
		if (mayPass) this.#change(id, {state: 'reconnecting'});
		return mayPass;
	}

	#change(id: number, change: Partial<DropUpload>): void {
		this.#set(this.#uploads.map(each => (each.id === id ? {...each, ...change} : each)));
	}

	#set(uploads: readonly DropUpload[]): void {
		this.#uploads = uploads;
		for (const listener of this.#listeners) listener();
	}
}
