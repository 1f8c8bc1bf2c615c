// A file of this machine -> an object, which is there as a whole or not at all. A large one is sent in parts; those of one that cannot be
// finished are taken back.
import {type FileHandle, open} from 'node:fs/promises';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	PutObjectCommand,
	type S3Client,
	UploadPartCommand,
} from '@aws-sdk/client-s3';
import type {S3Location} from '../remote-location.ts';
import {nameOfRemote} from '../remote-location.ts';
import {withRetries} from '../with-retries.ts';
import {hostOfStore, s3Client} from './s3-client.ts';
import {explainS3} from './s3-errors.ts';

const PART_BYTES = 8 * 1024 * 1024;
/** Of an object, by the rules of S3. */
const MAX_PARTS = 10_000;
const PARTS_AT_A_TIME = 3;

const {signal} = new AbortController();

type Place = Pick<S3Location, 'bucket' | 'key'>;

/** @throws {RemoteError} When it could not be written: then what was there before is there. */
export async function writeObject(path: string, place: Place, contentType: string): Promise<void> {
	const file = await open(path, 'r');
	try {
		const [client, host] = await Promise.all([s3Client(), hostOfStore()]);
		await new ObjectWriter(file, place, client, host).write((await file.stat()).size, contentType);
	} finally {
		await file.close();
	}
}

class ObjectWriter {
	readonly #file: FileHandle;
	readonly #at: {readonly Bucket: string; readonly Key: string};
	readonly #client: S3Client;
	readonly #explain: (error: unknown) => Error;

	constructor(file: FileHandle, {bucket, key}: Place, client: S3Client, host: string) {
		this.#file = file;
		this.#at = {Bucket: bucket, Key: key};
		this.#client = client;
		const name = nameOfRemote({kind: 's3', bucket, key, version: null, size: null});
		this.#explain = error => explainS3(error, name, 'write', host);
	}

	async write(size: number, ContentType: string): Promise<void> {
		if (size > PART_BYTES) return this.#writeParts(size, ContentType);
		const Body = await this.#bytes(0, size);
		await this.#send(() => this.#client.send(new PutObjectCommand({...this.#at, Body, ContentType})));
	}

	async #writeParts(size: number, ContentType: string): Promise<void> {
		const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
		const {UploadId} = await this.#send(() =>
			this.#client.send(new CreateMultipartUploadCommand({...this.#at, ContentType})),
		);
		const upload = {...this.#at, UploadId};
		try {
			const count = Math.ceil(size / partBytes);
			const Parts: Array<{PartNumber: number; ETag: string | undefined}> = new Array(count);
			const waiting = Parts.keys();
			let hasFailed = false;
			const work = async (): Promise<void> => {
				for (const index of waiting) {
					if (hasFailed) return;
					const PartNumber = index + 1;
					const Body = await this.#bytes(index * partBytes, Math.min(size, (index + 1) * partBytes));
					const {ETag} = await this.#send(() =>
						this.#client.send(new UploadPartCommand({...upload, PartNumber, Body})),
					);
					Parts[index] = {PartNumber, ETag};
				}
			};
			const workers = Array.from({length: Math.min(PARTS_AT_A_TIME, count)}, () =>
				work().catch((error: unknown) => {
					hasFailed = true;
					throw error;
				}),
			);
			// Nothing of it is under way any more when it is taken back.
			const failed = (await Promise.allSettled(workers)).find(({status}) => status === 'rejected');
			if (failed?.status === 'rejected') throw failed.reason;
			await this.#send(() =>
				this.#client.send(new CompleteMultipartUploadCommand({...upload, MultipartUpload: {Parts}})),
			);
		} catch (error) {
			// The error is what counts; what is left of the parts costs until somebody takes it back.
			await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
			throw error;
		}
	}

	#send<Answer>(send: () => Promise<Answer>): Promise<Answer> {
		return withRetries(() => send().catch((error: unknown) => Promise.reject(this.#explain(error))), signal);
	}

	async #bytes(start: number, end: number): Promise<Buffer> {
		const bytes = Buffer.alloc(end - start);
		for (let filled = 0; filled < bytes.length; ) {
			const {bytesRead} = await this.#file.read(bytes, filled, bytes.length - filled, start + filled);
			if (bytesRead === 0) throw new Error(`The file that is sent ended at byte ${start + filled}`);
			filled += bytesRead;
		}
		return bytes;
	}
}
