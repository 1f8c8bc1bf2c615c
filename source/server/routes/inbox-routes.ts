// A watched folder that is served beside: how it is doing, and its files.
import type {WatchedFile, WatchedFileState} from '../../model/watched-folder.ts';
import {bothPaths, type Routes} from '../context.ts';
import {byText, type PageQuery, pageOf, pageProperties} from '../paging.ts';
import {problem} from '../problem.ts';
import {timeOf} from '../time-of.ts';

/** In the order in which they are listed. */
const STATES = [
	...['processing', 'growing', 'waiting', 'failed', 'skipped', 'completed', 'duplicate'],
] as const satisfies readonly WatchedFileState[];

interface InboxQuery extends PageQuery {
	readonly state?: WatchedFileState;
}

const query = {type: 'object', properties: {...pageProperties, state: {type: 'string', enum: STATES}}} as const;

const describe = ({key: _, cameAt, endedAt, rejectedRows, isRetriable, ...file}: WatchedFile) => ({
	...{...file, came_at: timeOf(cameAt), ended_at: timeOf(endedAt), rejected_rows: rejectedRows},
	is_retriable: isRetriable,
});

/** Where a file stands in the list: by its state, and by what no other has. It says where to go on when the file itself has moved. */
const placeOf = ({state, key}: WatchedFile): string => `${STATES.indexOf(state)} ${key}`;
const byPlace = byText(placeOf);

export const inboxRoutes: Routes = (app, {options: {inbox}}) => {
	for (const path of bothPaths('/inbox')) {
		app.get<{Querystring: InboxQuery}>(path, {schema: {querystring: query}}, async (request, reply) => {
			if (inbox === null) throw problem('NO_INBOX', 'The server was started without --watch <dir>.');
			const {state} = request.query;
			const {status, files} = inbox.look();
			const {items, next} = pageOf(reply, path, request.query, byPlace, (after, limit) =>
				files
					.filter(file => (state === undefined || file.state === state) && placeOf(file) > (after ?? ''))
					.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
					.slice(0, limit),
			);
			return {status, files: items.map(describe), next_cursor: next};
		});
	}
};
