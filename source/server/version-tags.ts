// Things that more than one person may change: who changes one says which version was seen (`If-Match`, RFC 9110), so nobody overwrites what nobody has looked at.
import {createHash} from 'node:crypto';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {problem} from './problem.ts';

/** @param version - All that makes it another version. */
const tagOf = (version: readonly unknown[]): string =>
	`"${createHash('sha256').update(JSON.stringify(version)).digest('base64url').slice(0, 22)}"`;

/** Before an answer that shows it. */
export function sendVersion(reply: FastifyReply, version: readonly unknown[]): void {
	reply.header('etag', tagOf(version));
}

/** @throws {Problem} Where the request names another version, or none. */
export function assertVersion({headers}: FastifyRequest, version: readonly unknown[]): void {
	const given = headers['if-match'];
	if (given === undefined)
		throw problem(
			'VERSION_NEEDED',
			'Expected the header If-Match with the ETag of what was looked at, or * for whatever it is.',
		);
	const tag = tagOf(version);
	if (!given.split(',').some(each => ['*', tag].includes(each.trim()))) throw versionChanged();
}

export const versionChanged = () =>
	problem('VERSION_CHANGED', 'Somebody has changed it since it was looked at: nothing was overwritten.');
