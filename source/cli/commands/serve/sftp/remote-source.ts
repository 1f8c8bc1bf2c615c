// A file of the server that goes out by SFTP. Clients read one part behind the other, so that one answer of the server serves them all; where one jumps, the
// server is asked for the rest from there.
import type {IncomingMessage} from 'node:http';
import {ClientError} from '../../../../client/client-error.ts';
import type {Connection} from '../../../../client/connection.ts';
import type {SftpEntry, SftpSource} from '../../../../ssh/sftp/tree.ts';
import {refusalOf} from './refusal-of.ts';

interface Flow {
	readonly answer: IncomingMessage;
	readonly chunks: AsyncIterator<Buffer>;
	rest: Buffer;
	/** Of the next byte that comes of it. */
	offset: number;
}

const NOTHING = Buffer.alloc(0);

/** @throws {SftpRefusal} */
export async function openSource(connection: Connection, url: string, known: SftpEntry): Promise<SftpSource> {
	let flow: Flow | null = await openFlow(connection, url, 0);
	const length = Number(flow?.answer.headers['content-length'] ?? Number.NaN);
	return {
		entry: {...known, bytes: Number.isSafeInteger(length) ? length : known.bytes},
		async read(offset, count) {
			if (flow === null || flow.offset !== offset) {
				flow?.answer.destroy();
				flow = await openFlow(connection, url, offset);
			}
			if (flow === null) return null;
			const bytes = await take(flow, count).catch((error: unknown) => {
				throw refusalOf(error);
			});
			return bytes.length === 0 ? null : bytes;
		},
		close: () => void flow?.answer.destroy(),
	};
}

/** `null`: the file ends before. */
async function openFlow(connection: Connection, url: string, offset: number): Promise<Flow | null> {
	try {
		const headers = {'accept-encoding': 'identity', ...(offset > 0 && {range: `bytes=${offset}-`})};
		const answer = await connection.open('GET', url, {headers, timeoutMs: 0});
		return {answer, chunks: answer.iterator({destroyOnReturn: false}), rest: NOTHING, offset};
	} catch (error) {
		if (error instanceof ClientError && error.status === 416) return null;
		throw refusalOf(error);
	}
}

async function take(flow: Flow, count: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	let byteCount = 0;
	while (byteCount < count) {
		if (flow.rest.length === 0) {
			const next = await flow.chunks.next();
			if (next.done === true) break;
			flow.rest = next.value;
		}
		const part = flow.rest.subarray(0, count - byteCount);
		flow.rest = flow.rest.subarray(part.length);
		byteCount += part.length;
		parts.push(part);
	}
	flow.offset += byteCount;
	return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
