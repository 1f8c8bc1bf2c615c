// Uploads that may be cut off and go on: tus 1.0, by @tus/server, with a store of our own. Bytes are on the disk before they are acknowledged,
// a chunk with a wrong checksum leaves nothing, and of two that write at the same time one is refused at once.
import {AsyncLocalStorage} from 'node:async_hooks';
import {createHash, randomBytes} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import {Server} from '@tus/server';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import type {Answer, Answers} from './answers.ts';
import type {Datasets} from './datasets.ts';
import {type Problem, problem} from './problem.ts';
import type {ProblemCode} from './problem-catalog.ts';
import {toProblem} from './send-problem.ts';
import type {Calling, InboxDoor} from './upload-calling.ts';
import {UploadLocker} from './upload-locker.ts';
import {UploadStore} from './upload-store.ts';

const CHECKSUM_ALGORITHMS = ['sha256', 'sha1'] as const;
export const VERSION = '1.0.0';
export const CONTENT_TYPE = 'application/offset+octet-stream';

export class Uploads {
	readonly #calling = new AsyncLocalStorage<Calling>();
	readonly #store: UploadStore;
	readonly #servers = new Map<string, Server>();
	readonly #answers: Answers;

	readonly #datasets: Datasets;
	readonly #maxBytes: number;

	/** @param inbox - `null`: no folder is watched. */
	constructor(ledger: ServerLedger, datasets: Datasets, answers: Answers, maxBytes: number, inbox: InboxDoor | null) {
		this.#answers = answers;
		this.#datasets = datasets;
		this.#maxBytes = maxBytes;
		const locker = new UploadLocker({
			ledger,
			isReader: () => this.#caller().isReader,
			takeOver: id => datasets.detachIncoming(id),
		});
		this.#store = new UploadStore(ledger, datasets, {
			caller: () => this.#caller(),
			locker,
			inbox,
		});
		for (const path of ['/api/uploads', '/api/v1/uploads']) {
			const server = new Server({
				...{path, datastore: this.#store, locker, relativeLocation: true, allowedOrigins: []},
				namingFunction: () => randomBytes(16).toString('hex'),
				onUploadCreate: async (_, upload) => {
					this.#store.assertMayCome(upload.metadata ?? {}, upload.size ?? this.#caller().announcedBytes);
					return {};
				},
				onResponseError: (_, error) => this.#note(error),
				onUploadFinish: async (_, upload) => {
					const {fileId} = await this.#store.finish(upload.id);
					return {headers: fileId === null ? {} : {'Upload-File-Id': fileId}};
				},
			});
			this.#servers.set(path, server);
		}
	}

	/**
	Uploads that were complete when a process died become what they are for; also those of which a scanner has said nothing.

	@param which - Those for the inbox wait for a scanner, which may take minutes.
	*/
	finishAll(which: 'all' | 'not-for-inbox', onFault: (error: unknown) => void): Promise<void> {
		return this.#store.finishAll(which, onFault);
	}

	/** That have become nothing yet, whole or not. */
	unfinished(): readonly string[] {
		return this.#store.unfinished();
	}

	/**
	What can be said of a request before its bytes are taken.

	@throws {Problem}
	*/
	check(request: IncomingMessage): void {
		const {method, headers} = request;
		if (method !== 'OPTIONS' && headers['tus-resumable'] !== VERSION)
			throw problem('TUS_VERSION', `Expected the header Tus-Resumable: ${VERSION}.`);
		if (method === 'PATCH' && headers['content-type'] !== CONTENT_TYPE)
			throw problem('CONTENT_TYPE', `Expected Content-Type: ${CONTENT_TYPE}.`);
		if (headers['upload-concat'] !== undefined)
			throw problem('BAD_REQUEST', 'Expected no Upload-Concat: files come as one upload each.');
		readChecksum(request);
		readKnown(request);
	}

	/**
	@param path - The one that uploads are made at.
	@returns Of status and headers; an answer has no body.
	@throws {Problem} @throws {Error} What went wrong in the store.
	*/
	async handle(path: string, user: User, request: IncomingMessage): Promise<Response> {
		const server = this.#servers.get(path);
		if (server === undefined) throw new Error(`Expected no uploads at ${path}`);
		const announced = request.method === 'POST' ? this.#announced(user, request) : null;
		const before = announced?.find() ?? null;
		if (before !== null) return replayOf(before);
		const calling: Calling = {
			...{user, checksum: readChecksum(request), bytes: request, isReader: request.method === 'HEAD', failure: null},
			announcedBytes: Number(request.headers['content-length'] ?? 0),
			beginsWithBytes: request.method === 'POST' && request.headers['content-type'] === CONTENT_TYPE,
			remember: id => announced?.remember(`${path}/${id}`) ?? [],
		};
		const id = request.url?.split('?')[0]?.slice(path.length + 1) ?? '';
		const isKnownLength = (value: string): boolean => request.method === 'PATCH' && this.#store.isDeclared(id, value);
		// Without its body, which the store takes itself.
		const asked = new Request(`http://localhost${request.url}`, {
			method: request.method ?? '',
			headers: headersOf(request).filter(([name, value]) => !(name === 'upload-length' && isKnownLength(value))),
		});
		const answer = await this.#calling.run(calling, () => server.handleWeb(asked));
		if (answer.status >= 400) {
			// The same may have been announced at the same time.
			const meanwhile = isConflict(calling.failure) ? (announced?.find() ?? null) : null;
			if (meanwhile !== null) return replayOf(meanwhile);
			throw calling.failure ?? problemOfTus(answer.status, await textOf(request, answer));
		}
		if (request.method === 'POST') return this.#takeKnown(user, request, answer);
		const fileId = id === '' ? null : this.#store.datasetOf(id, user);
		if (fileId !== null) answer.headers.set('Upload-File-Id', fileId);
		if (request.method === 'OPTIONS') {
			answer.headers.set('Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS.join(','));
			answer.headers.set('Tus-Max-Size', String(this.#maxBytes));
		}
		return answer;
	}

	/** Who says which bytes are to come need not send them where the account has them already; others learn nothing of what there is. */
	async #takeKnown(user: User, request: IncomingMessage, answer: Response): Promise<Response> {
		const sha256 = readKnown(request);
		const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
		const length = request.headers['upload-length'];
		if (sha256 === null || user.link !== undefined || id === '' || length === undefined) return answer;
		const dataset = this.#datasets.findSame(user, sha256, Number(length));
		if (dataset === null || !this.#store.mayTakeKnown(id)) return answer;
		const {fileId, bytes} = await this.#store.takeKnown(id, dataset, sha256);
		answer.headers.set('Upload-Offset', String(bytes));
		if (fileId !== null) answer.headers.set('Upload-File-Id', fileId);
		return answer;
	}

	/** `null`: the request has no key by which it would be known when it comes again. */
	#announced(user: User, {headers}: IncomingMessage) {
		const given = this.#answers.keyOf(headers['idempotency-key']);
		if (given === null) return null;
		// Who comes by a link shares no keys with the account.
		const key = user.link === undefined ? given : `${user.link.id} ${given}`;
		const fingerprint = createHash('sha256')
			.update(JSON.stringify([headers['upload-length'], headers['upload-metadata'] ?? null]))
			.digest();
		const known = this.#answers.find(user, key, fingerprint);
		const isStale = known !== null && !this.#store.isOfUse(idOf(known), user);
		return {
			find: (): Answer | null => {
				const found = this.#answers.find(user, key, fingerprint);
				return found !== null && this.#store.isOfUse(idOf(found), user) ? found : null;
			},
			remember: (location: string): readonly ServerChange[] => [
				...(isStale ? [this.#answers.removal(user, key)] : []),
				this.#answers.change(user, key, fingerprint, {status: 201, location, answer: {}}),
			],
		};
	}

	/** Whether it has been begun by this user. */
	isKnown(id: string, user: User): boolean {
		return this.#store.has(id, user);
	}

	/** Removes uploads that nobody has gone on with. */
	removeExpired(): Promise<number> {
		return this.#store.deleteExpired();
	}

	/** @returns `undefined`: as `@tus/server` has it. */
	#note(error: Error | TusFault): TusFault | undefined {
		if ('status_code' in error) return undefined;
		this.#caller().failure = error;
		const {status, message} = toProblem(error);
		return {status_code: status, body: message};
	}

	#caller(): Calling {
		const calling = this.#calling.getStore();
		if (calling === undefined) throw new Error('Expected an upload within a request');
		return calling;
	}
}

const idOf = ({location}: Answer): string => location.split('/').at(-1) ?? '';

const replayOf = ({status, location}: Answer): Response =>
	new Response(null, {status, headers: {location, 'idempotency-replayed': 'true'}});

const headersOf = ({headers}: IncomingMessage): [string, string][] =>
	Object.entries(headers).flatMap(([name, value]) =>
		[value ?? []].flat().map((each): [string, string] => [name, each]),
	);

/** @throws {Problem} */
function readChecksum({headers}: IncomingMessage): Calling['checksum'] {
	const header = headers['upload-checksum'];
	if (header === undefined) return null;
	const [algorithm = '', expected = ''] = String(header).split(' ');
	if (!CHECKSUM_ALGORITHMS.some(name => name === algorithm))
		throw problem('UNKNOWN_CHECKSUM', `Known are ${CHECKSUM_ALGORITHMS.join(' and ')}.`);
	return {algorithm, expected};
}

/** `Upload-Known: sha-256=:…:`; `null`: nothing is said. @throws {Problem} */
function readKnown({headers}: IncomingMessage): Buffer | null {
	const header = headers['upload-known'];
	if (header === undefined) return null;
	const base64 = /^\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*$/.exec(String(header))?.[1];
	if (base64 === undefined)
		throw problem('BAD_DIGEST', 'Expected Upload-Known: sha-256=:…:, with the 32 bytes of the hash in base64.');
	return Buffer.from(base64, 'base64');
}

/** What `@tus/server` throws. */
interface TusFault {
	readonly status_code: number;
	readonly body: string;
}

/** Why it refuses; of a length it says the same whatever is wrong. */
const textOf = async ({method, headers}: IncomingMessage, answer: Response): Promise<string> =>
	method === 'PATCH' && answer.status === 400 && /^\d+$/.test(String(headers['upload-length']))
		? 'Upload-Length is declared once, and is no less than what has come.'
		: answer.text();

/** What it refuses itself. */
function problemOfTus(status: number, text: string): Problem {
	const code = CODES[status];
	if (code === undefined) throw new Error(`Expected no ${status} of an upload: ${text}`);
	return problem(code, text.trim() || 'The upload is refused.');
}

const CODES: Readonly<Record<number, ProblemCode>> = {
	400: 'BAD_REQUEST',
	403: 'BAD_REQUEST',
	404: 'NOT_FOUND',
	409: 'OFFSET_CONFLICT',
	410: 'EXPIRED',
	412: 'TUS_VERSION',
	413: 'TOO_LARGE',
	415: 'CONTENT_TYPE',
	500: 'INTERNAL',
};
