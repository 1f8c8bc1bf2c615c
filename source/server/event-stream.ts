// A stream of events for one reader, whatever carries it: where it begins, what it gets first, when it ends.
import type {User} from './accounts.ts';
import type {ServerContext} from './context.ts';
import {describeTask} from './describe-task.ts';
import type {EndReason, Listener, Page, StreamEvent, TransportName} from './event-hub.ts';
import type {EventId} from './event-id.ts';
import {hashSecret} from './ids.ts';
import {problem} from './problem.ts';
import type {Task} from './task.ts';

export interface Reader {
	readonly user: User;
	/** The secret that it has shown; `null`: it needs none. */
	readonly token: string | null;
	/** Of one task only; `null`: of all. */
	readonly task: Task | null;
	/** The last event that it has had; `null`: none. */
	readonly after: EventId | null;
}

/** What carries a stream to its reader. */
export interface Transport extends Pick<Listener, 'send' | 'bufferedBytes'> {
	readonly name: TransportName;
	readonly end: (reason: EndReason) => void;
	/** Shows that the stream lives, and ends it where its reader does not. */
	readonly beat: () => void;
	readonly beatMs: number;
}

/** Tasks of a snapshot, and of one event of it: some 20 kB. */
const MAX_TASKS = 1000;
const TASKS_PER_EVENT = 32;

/** @throws {Problem} 429 where the user has so many streams already. */
export function assertRoom({hub, options}: ServerContext, {id}: User): void {
	if (hub.streamsOf(id) < options.maxStreamsPerUser) return;
	throw problem('TOO_MANY_STREAMS', 'Close one first.', {
		retryAfter: 5,
		limit: {name: 'streams', quota: options.maxStreamsPerUser},
		more: {max_streams_per_user: options.maxStreamsPerUser},
	});
}

/** @returns Call it when the reader has gone. */
export function openStream(context: ServerContext, reader: Reader, transport: Transport): () => void {
	const {hub} = context;
	const {user, task, token} = reader;
	const {after, opening} = beginningOf(context, reader);
	const {send, bufferedBytes} = transport;
	const close = (): void => {
		clearInterval(beating);
		hub.remove(listener);
	};
	const listener: Listener = {
		...{account: user.id, task: task?.id ?? null, after, opening, isSending: false, send, bufferedBytes},
		transport: transport.name,
		token: token === null ? null : hashSecret(token),
		end(reason) {
			close();
			transport.end(reason);
		},
	};
	const beating = setInterval(() => transport.beat(), transport.beatMs);
	hub.add(listener);
	return close;
}

/** From the beginning, where that is not long; else how things are now, and what happens from then on. */
function beginningOf(
	context: ServerContext,
	{user, task, after}: Reader,
): {readonly after: number; readonly opening: Iterator<Page>} {
	const {hub} = context;
	const none: Page[] = [];
	const known = after === null ? null : hub.placeOf(after);
	if (known !== null) return {after: known, opening: none.values()};
	if (after === null && (task === null ? hub.isWhole(user.id) : hub.hasStart(user.id, task.id)))
		return {after: 0, opening: none.values()};
	const place = hub.newest();
	if (after !== null) hub.resets++;
	return {after: place, opening: openingOf(context, {user, task, isReset: after !== null}, place)};
}

function* openingOf(
	{hub, tasks}: ServerContext,
	{user, task, isReset}: Pick<Reader, 'user' | 'task'> & {readonly isReset: boolean},
	place: number,
): Generator<Page, void, undefined> {
	// Without a place of its own: who has had only this must ask for it again.
	if (isReset) yield [{name: 'reset', number: null, id: null, line: '{"type":"reset"}'}];
	let left = task === null ? MAX_TASKS : 1;
	let last = Number.MAX_SAFE_INTEGER;
	for (;;) {
		const shown =
			task === null
				? tasks.list(user.id, Math.min(left, TASKS_PER_EVENT), last)
				: tasks.list(user.id, 1, task.number + 1).filter(({id}) => id === task.id);
		left -= shown.length;
		last = shown.at(-1)?.number ?? 0;
		const isLast = left <= 0 || shown.length < TASKS_PER_EVENT;
		yield [
			snapshotOf(
				shown.map(each => describeTask(each, tasks.positionOf(each))),
				isLast ? hub.idOf(place) : null,
			),
		];
		if (isLast) return;
	}
}

/** @param id - `null`: there is more of it, and who has had only this must ask for all of it again. */
const snapshotOf = (tasks: readonly object[], id: string | null): StreamEvent => ({
	name: 'snapshot',
	number: null,
	id,
	line: JSON.stringify({type: 'snapshot', tasks, is_complete: id !== null}),
});
