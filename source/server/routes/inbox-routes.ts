// A watched folder that is served beside: how it is doing, and its files.
import type {WatchedFile, WatchedFileState} from '../../model/watched-folder.ts';
import {bothPaths, type Routes} from '../context.ts';
import {pageProperties} from '../paging.ts';
import {problem} from '../problem.ts';
import {timeOf} from '../time-of.ts';

/** In the order in which they are listed. */
const STATES = [
	...['processing', 'growing', 'waiting', 'failed', 'skipped', 'completed', 'duplicate'],
] as const satisfies readonly WatchedFileState[];

interface InboxQuery {
	readonly limit: number;
	readonly cursor?: string;
	readonly state?: WatchedFileState;
}

const query = {type: 'object', properties: {...pageProperties, state: {type: 'string', enum: STATES}}} as const;

const describe = ({key: _, cameAt, endedAt, rejectedRows, isRetriable, ...file}: WatchedFile) => ({
	...{...file, came_at: timeOf(cameAt), ended_at: timeOf(endedAt), rejected_rows: rejectedRows},
	is_retriable: isRetriable,
});

/** Where a file stands in the list: by its state, and by what no other has. It says where to go on when the file itself has moved. */
const placeOf = ({state, key}: WatchedFile): string => `${STATES.indexOf(state)} ${key}`;

export const inboxRoutes: Routes = (app, {options: {inbox}}) => {
	for (const path of bothPaths('/inbox')) {
		app.get<{Querystring: InboxQuery}>(
			path,
			{config: {role: 'operator', scope: 'read'}, schema: {querystring: query}},
			async (request, reply) => {
				if (inbox === null) throw problem('NO_INBOX', 'The server was started without --watch <dir>.');
				const {limit, cursor, state} = request.query;
				const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString();
				const {status, files} = inbox.look();
				const found = files
					.filter(file => (state === undefined || file.state === state) && placeOf(file) > after)
					.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
				const shown = found.slice(0, limit);
				const last = found.length > limit ? shown.at(-1) : undefined;
				const next = last === undefined ? null : Buffer.from(placeOf(last)).toString('base64url');
				const more = state === undefined ? '' : `&state=${state}`;
				if (next !== null) reply.header('link', `<${path}?limit=${limit}${more}&cursor=${next}>; rel="next"`);
				return {status, files: shown.map(describe), next_cursor: next};
			},
		);
	}
};
