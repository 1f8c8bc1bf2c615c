// What describes the server: for programs, and as pages.
import type {Routes} from '../context.ts';
import {actionsPage} from '../openapi/actions-page.ts';
import {type Description, problemPage, referencePage, STYLE} from '../openapi/docs-page.ts';
import {notFound} from '../problem.ts';

const HTML = 'text/html; charset=utf-8';

const CATALOG = JSON.stringify({
	linkset: [
		{
			anchor: '/api/v1',
			'service-desc': [{href: '/openapi.json', type: 'application/json'}],
			'service-doc': [{href: '/docs', type: 'text/html'}],
			status: [{href: '/health', type: 'application/json'}],
		},
	],
});

export const docsRoutes: Routes = (app, {options}) => {
	const describe = () => app.swagger() as unknown as Description;
	app.get('/openapi.json', async () => describe());
	app.get('/docs', async (_request, reply) =>
		reply
			.header('link', '</openapi.json>; rel="service-desc"')
			.type(HTML)
			.send(referencePage(describe(), options.version)),
	);
	app.get('/docs/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
	app.get('/docs/actions', async (_request, reply) => reply.type(HTML).send(actionsPage()));
	app.get<{Params: {readonly code: string}}>('/docs/problems/:code', async (request, reply) => {
		const page = problemPage(request.params.code);
		if (page === null) throw notFound('problem');
		return reply.type(HTML).send(page);
	});
	app.get('/.well-known/api-catalog', async (_request, reply) =>
		reply.type('application/linkset+json; charset=utf-8').send(CATALOG),
	);
};
