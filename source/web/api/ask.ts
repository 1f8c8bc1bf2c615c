// Requests to the server that the page came from. The session is a cookie that scripts cannot read.
import {NetworkError, ProblemError, problemOf} from './problem.ts';

export interface Question {
	/** Sent as JSON. */
	readonly json?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal | undefined;
}

type Refusal = (problem: ProblemError) => void;

const listeners = new Set<Refusal>();

/** Called with everything that is refused: the session may have ended. */
export function onRefusal(listener: Refusal): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** How often other tabs are told, who have the same session. */
const TELL_MS = 5000;

let [usedAt, toldAt] = [performance.now(), 0];
const tabs = new BroadcastChannel('fileproc-use');
tabs.onmessage = () => {
	usedAt = performance.now();
};

/** The server has answered, so the session was used. */
export function noteUse(): void {
	usedAt = performance.now();
	if (usedAt - toldAt < TELL_MS) return;
	toldAt = usedAt;
	tabs.postMessage('used');
}

/** How long ago the session was used, here or in another tab. */
export const unusedMs = (): number => performance.now() - usedAt;

/** @throws {ProblemError} Where it is refused. @throws {NetworkError} Where there is no answer. */
export async function request(method: string, path: string, {json, headers, signal}: Question = {}): Promise<Response> {
	let response: Response;
	try {
		response = await fetch(path, {
			method,
			headers: {...(json !== undefined && {'content-type': 'application/json'}), ...headers},
			...(json !== undefined && {body: JSON.stringify(json)}),
			...(signal !== undefined && {signal}),
			credentials: 'same-origin',
		});
	} catch (error) {
		if (signal?.aborted === true) throw signal.reason;
		throw new NetworkError('The server cannot be reached', {cause: error});
	}
	// Who shows a token of their own, as the page of a drop link does, says nothing of the session.
	const isOfSession = headers?.authorization === undefined;
	if (response.ok) {
		if (isOfSession) noteUse();
		return response;
	}
	const problem = await problemOf(response);
	if (isOfSession) for (const listener of listeners) listener(problem);
	throw problem;
}

/** The answer as JSON; `undefined` where it has no body. */
export async function ask<Answer>(method: string, path: string, question?: Question): Promise<Answer> {
	const response = await request(method, path, question);
	return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** For people. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isProblem = (error: unknown, code: string): boolean =>
	error instanceof ProblemError && error.code === code;
