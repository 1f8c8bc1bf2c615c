// What describes the server: for programs, and as pages.
import type {Routes} from '../context.ts';
import {actionsPage} from '../openapi/actions-page.ts';
import {type Description, problemPage, referencePage, STYLE} from '../openapi/docs-page.ts';
import {type Declared, documentOf, OPENAPI_VERSIONS, readVersion} from '../openapi/document.ts';
import {notFound, problem} from '../problem.ts';

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

const versionQuery = {
	type: 'object',
	properties: {version: {type: 'string', maxLength: 10, description: 'Of OpenAPI: 3.2, or 3.1 for older tools'}},
} as const;

export const docsRoutes: Routes = (app, {options}) => {
	const describe = () => documentOf(app.swagger() as unknown as Declared, '3.1') as Description;
	app.get<{Querystring: {readonly version?: string}}>(
		'/openapi.json',
		{schema: {querystring: versionQuery}},
		async (request, reply) => {
			const version = readVersion(request.query.version);
			if (version === null)
				throw problem(
					'INVALID',
					`There is no ?version=${request.query.version}: known are ${OPENAPI_VERSIONS.join(' and ')}.`,
				);
			return reply.send(documentOf(app.swagger() as unknown as Declared, version));
		},
	);
	app.get('/docs', async (_request, reply) => reply.type(HTML).send(referencePage(describe(), options.version)));
	app.get('/docs/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
	app.get('/docs/actions', async (_request, reply) => reply.type(HTML).send(actionsPage()));
	app.get<{Params: {readonly code: string}}>('/docs/problems/:code', async (request, reply) => {
		const page = problemPage(request.params.code);
		if (page === null) throw notFound('problem');
		return reply.type(HTML).send(page);
	});
	app.get('/.well-known/security.txt', async (_request, reply) =>
		reply.type('text/plain; charset=utf-8').send(securityText(options.securityContact)),
	);
	app.get('/.well-known/api-catalog', async (_request, reply) =>
		reply.type('application/linkset+json; charset=utf-8').send(CATALOG),
	);
};

const SECURITY_TEXT_DAYS = 180;

/** RFC 9116. @throws {Problem} Where nobody is named. */
function securityText(contact: string | null): string {
	if (contact === null) throw problem('NOT_FOUND', 'The server was started without --security-contact.');
	const expires = new Date(Date.now() + SECURITY_TEXT_DAYS * 24 * 60 * 60 * 1000);
	return `Contact: ${contact}\nExpires: ${expires.toISOString()}\nPreferred-Languages: en\n`;
}
