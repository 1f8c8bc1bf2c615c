// Who has done what.
import {bothPaths, type Routes} from '../context.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';

export const auditRoutes: Routes = (app, {auditLog}) => {
	for (const path of bothPaths('/audit'))
		app.get<{Querystring: PageQuery}>(path, {schema: {querystring: pageQuery}}, async (request, reply) => {
			const {items, next} = pageOf(reply, path, request.query, byNumber, (before, limit) =>
				auditLog.list(before, limit),
			);
			return {
				lines: items.map(({number, hash, record}) => ({number, ...record, hash})),
				...{head: auditLog.head(), next_cursor: next},
			};
		});
};
