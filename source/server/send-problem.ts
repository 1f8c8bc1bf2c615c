// What goes wrong becomes an answer that says so: by our own code, by fastify and its plugins, or before there is a request at all.
import type {Socket} from 'node:net';
import type {FastifyError, FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {CommitError} from '../ledger/start-commit-thread.ts';
import {JsonSyntaxError} from '../text/parse-json.ts';
import {BreachedListError} from './breached-passwords.ts';
import {addLimit} from './limit-requests.ts';
import {METHODS} from './methods.ts';
import {Problem, problem} from './problem.ts';
import type {ProblemCode} from './problem-catalog.ts';

const CONTENT_TYPE = 'application/problem+json; charset=utf-8';
/** Seconds in which somebody may have made room. */
const DISK_RETRY = 30;
/** Seconds in which an operator may have put the list back. */
const LIST_RETRY = 30;
/** It is tried again all the time. */
const AWAY_RETRY = 5;

export const pathOf = ({url}: FastifyRequest): string => url.split('?')[0] ?? '';

export function sendProblem(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	const found = nameType(toProblem(error), request);
	const {status, retryAfter = 0, limit} = found;
	if (retryAfter > 0) reply.header('retry-after', String(retryAfter));
	request.problem = found;
	if (limit !== undefined && limit.isOfTime !== true) {
		const {name, quota} = limit;
		addLimit(reply, `"${name}";q=${quota};qu="concurrent-requests"`, `"${name}";r=0;t=${retryAfter}`);
	}
	if (status === 401) reply.header('www-authenticate', 'Bearer');
	passOverBody(request);
	return reply
		.code(status)
		.header('content-type', CONTENT_TYPE)
		.send(JSON.stringify(found.body({instance: pathOf(request), request_id: request.id})));
}

/** What fastify refuses for its type is told the type that there should be. */
function nameType(found: Problem, {headers, routeOptions}: FastifyRequest): Problem {
	if (found.code !== 'CONTENT_TYPE' || found.message.startsWith('Expected')) return found;
	const wanted = routeOptions.schema?.body === undefined ? 'no body' : 'Content-Type: application/json';
	const {'content-type': type} = headers;
	return problem(
		'CONTENT_TYPE',
		`Expected ${wanted}, but got ${type === undefined ? 'a body without a type' : `the type ${JSON.stringify(type)}`}.`,
	);
}

const OUR_FAULTS: readonly ProblemCode[] = ['INTERNAL', 'LEDGER_UNAVAILABLE', 'PASSWORD_LIST_AWAY'];

/** Whether the operator must know what it was, of which nobody else is told. */
export const isOurFault = (error: Error): boolean => OUR_FAULTS.includes(toProblem(error).code);

/** What is refused may still be on its way: unless somebody takes it, the connection is of no more use, and its end may take the answer with it. */
function passOverBody({raw}: FastifyRequest): void {
	if (raw.complete || raw.destroyed) return;
	// What has read it until now takes no more, and would hold it up.
	raw.unpipe();
	raw.removeAllListeners('data');
	raw.resume();
}

export function toProblem(error: Error | FastifyError): Problem {
	if (error instanceof Problem) return error;
	if (error instanceof CommitError) return problemOfCommit(error);
	if (error instanceof BreachedListError)
		return problem(
			'PASSWORD_LIST_AWAY',
			'The server cannot read its list of passwords from breaches, and takes no new password before it can.',
			{retryAfter: LIST_RETRY},
		);
	// Options are read once more, as those of a configuration file are.
	if (error instanceof JsonSyntaxError) return problem('BAD_REQUEST', `The JSON of the request ${error.message}.`);
	const code = 'code' in error ? error.code : undefined;
	// Values within values, deeper than any function can follow.
	if (error instanceof RangeError && error.message.includes('call stack'))
		return problem('TOO_DEEP', 'The JSON of the request is nested too deeply.');
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return problem('DISK_FULL', 'There is no room for it on the disk of the server.', {retryAfter: DISK_RETRY});
	return problemOfFastify(error);
}

const problemOfCommit = ({isFull, isConflict, isAway, message}: CommitError): Problem =>
	isConflict
		? problem('CONFLICT', 'It is not as it was any more: look again.')
		: isAway
			? problem(
					'METADATA_AWAY',
					'What several servers share cannot be reached: nothing can be changed until it can. Try again soon.',
					{
						retryAfter: AWAY_RETRY,
					},
				)
			: problem(isFull ? 'DISK_FULL' : 'LEDGER_UNAVAILABLE', message, {retryAfter: DISK_RETRY});

/** What fastify and its plugins say is wrong with a request; anything else is a fault of ours, and not told outside. */
function problemOfFastify(error: Error | FastifyError): Problem {
	const statusCode = 'statusCode' in error ? error.statusCode : undefined;
	const {message} = error;
	if (statusCode === undefined || statusCode >= 500) return problem('INTERNAL', 'Something went wrong in the server.');
	if ('validation' in error && error.validation !== undefined) return problem('INVALID', message);
	if (statusCode === 413) return problem('BODY_TOO_LARGE', message);
	if (statusCode === 414) return problem('PATH_TOO_LONG', message);
	// 406 is what the parser of parts says of a type that it does not read.
	if (statusCode === 415 || statusCode === 406) return problem('CONTENT_TYPE', message);
	return problem('BAD_REQUEST', message);
}

/** What cannot be read as a request has no answer but what is written by hand. */
export function answerUnreadable(this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
	if (socket.destroyed || error.code === 'ECONNRESET' || !socket.writable) {
		socket.destroy();
		return;
	}
	const found = problemOfParser(error);
	const body = JSON.stringify(found.body({}));
	const head = [
		`HTTP/1.1 ${found.status} ${found.message}`,
		...(found.status === 405 ? [`Allow: ${METHODS.join(', ')}`] : []),
		...[`Content-Type: ${CONTENT_TYPE}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'],
	];
	socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function problemOfParser({code}: NodeJS.ErrnoException): Problem {
	if (code === 'HPE_INVALID_METHOD') return problem('METHOD_NOT_ALLOWED', 'Unknown method');
	if (code === 'HPE_HEADER_OVERFLOW') return problem('HEADERS_TOO_LARGE', 'The headers are too large');
	if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('TOO_SLOW', 'The request took too long');
	return problem('BAD_REQUEST', 'It cannot be read as HTTP');
}
