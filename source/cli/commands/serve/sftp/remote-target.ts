// A file that comes by SFTP and goes to the server as it comes, as the body of one request: what is not closed is a request that was broken off, and the
// server keeps nothing of it.
import {PassThrough} from 'node:stream';
import {SftpRefusal, type SftpTarget} from '../../../../ssh/sftp/tree.ts';
import {refusalOf} from './refusal-of.ts';

/** On their way to the server. */
const BUFFERED_BYTES = 1024 * 1024;

/**
@param send - Sends the whole; what it is given breaks off where the file does.
@param onTaken - Called with the answer.
*/
export function openTarget<Answer>(
	send: (body: AsyncIterable<Uint8Array>) => Promise<Answer>,
	onTaken: (answer: Answer) => Promise<void>,
): SftpTarget {
	const body = new PassThrough({highWaterMark: BUFFERED_BYTES});
	body.on('error', () => {});
	// The server may refuse it in the middle.
	const answered = send(body).catch((error: unknown) => {
		body.destroy();
		throw refusalOf(error);
	});
	answered.catch(() => {});
	const gone = (): SftpRefusal => new SftpRefusal('FAILURE', 'The file was given up.', false);
	return {
		async write(bytes) {
			if (body.destroyed) {
				await answered;
				throw gone();
			}
			if (body.write(bytes)) return;
			const drained = Promise.withResolvers<void>();
			body.once('drain', drained.resolve).once('close', drained.resolve);
			await drained.promise;
			body.off('drain', drained.resolve).off('close', drained.resolve);
			if (!body.destroyed) return;
			await answered;
			throw gone();
		},
		async finish() {
			body.end();
			await onTaken(await answered);
		},
		abort() {
			if (!body.writableEnded) body.destroy(new Error('The file was not sent whole'));
		},
	};
}
