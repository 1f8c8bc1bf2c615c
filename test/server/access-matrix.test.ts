// Who may call what: every endpoint that the server describes, called by everybody, gives what the table of actions says. A route without a row fails.
import {expect, test} from 'vitest';
import {ACTION_LIST, ACTIONS, type Action, actionOfRoute} from '../../source/server/actions.ts';
import {createId} from '../../source/server/ids.ts';
import {ANSWERS, rowOf} from '../../source/server/openapi/answers.ts';
import {mayCall} from '../../source/server/roles.ts';
import {
	comparable,
	GOOD_FILE,
	type Question,
	type Reply,
	replyOf,
	startTestServer,
	type TestServer,
} from '../helpers/server.ts';

const ACTORS = ['nobody', 'owner', 'other', 'viewer', 'uploader', 'operator', 'admin', 'token'] as const;
type Actor = (typeof ACTORS)[number];

/**
What a route answers to somebody who may call it. What is sent is right but for bodies that are left away: there 400 says that the caller was let in.
Who may call it is in the table of actions.
*/
const LET_IN: Readonly<Record<string, number>> = {
	'POST /auth/login': 400,
	'POST /auth/register': 400,
	'GET /auth/methods': 200,
	// There is no provider.
	'GET /auth/oidc': 404,
	'GET /auth/oidc/callback': 404,
	'POST /auth/device/code': 200,
	'POST /auth/device/token': 400,
	'GET /auth/device/{code}': 200,
	'POST /auth/device/{code}/allow': 204,
	'POST /auth/device/{code}/deny': 204,
	'GET /device': 200,
	'POST /device': 400,
	'POST /auth/logout': 204,
	'GET /auth/me': 200,
	'POST /auth/password': 400,
	'GET /auth/second-factor': 200,
	'POST /auth/second-factor': 400,
	'POST /auth/second-factor/confirm': 400,
	'POST /auth/second-factor/recovery-codes': 400,
	'POST /auth/second-factor/disable': 400,
	'GET /sessions': 200,
	'DELETE /sessions/{id}': 204,
	'POST /tokens': 400,
	'GET /tokens': 200,
	'DELETE /tokens/{id}': 204,

	'POST /invitations': 400,
	'GET /invitations': 200,
	'DELETE /invitations/{id}': 204,
	'GET /audit': 200,
	'GET /users': 200,
	'GET /users/{id}': 200,
	'PATCH /users/{id}': 200,
	'POST /users/{id}/reset': 200,
	'DELETE /users/{id}/second-factor': 204,
	'GET /users/{id}/sessions': 200,
	'DELETE /users/{id}/sessions/{session}': 204,
	'DELETE /users/{id}/sessions': 204,

	'POST /droplinks': 400,
	'GET /droplinks': 200,
	'DELETE /droplinks/{id}': 204,
	// Nobody here comes by one.
	'GET /drop': 404,

	'POST /upload': 400,
	'POST /uploads': 201,
	'OPTIONS /uploads': 204,
	'HEAD /uploads/{id}': 200,
	'PATCH /uploads/{id}': 204,
	'DELETE /uploads/{id}': 204,
	'GET /uploads/{id}': 404,

	'GET /files': 200,
	'GET /files/{id}': 200,
	'GET /files/{id}/original': 200,
	'GET /files/{id}/preview': 200,
	// Nothing has been made of it.
	'GET /files/{id}/result': 409,
	'GET /files/{id}/result.{ending}': 409,
	'GET /files/{id}/rejects.csv': 409,
	'PUT /files/{id}': 201,
	'DELETE /files/{id}': 204,

	'POST /run': 202,
	'GET /run': 200,
	'GET /tasks': 200,
	'GET /limits': 200,
	'GET /run/status': 200,
	'GET /run/{id}': 200,
	'DELETE /run/{id}': 200,
	'POST /run/{id}/cancel': 200,
	'POST /run/{id}/pause': 409,
	'POST /run/{id}/resume': 409,
	'GET /history': 200,
	'POST /run/{id}/retry': 409,
	'GET /run/{id}/events': 200,
	'GET /events': 200,
	'GET /ws': 426,

	'GET /results': 200,
	'POST /results/combined': 400,
	'GET /results/{name}': 200,
	'GET /results/{id}/tables': 200,
	'GET /results/{id}/rejects.csv': 200,

	'POST /bulk': 202,
	'GET /bulk': 200,
	'GET /bulk/{id}': 200,
	'DELETE /bulk/{id}': 200,
	'GET /mappings': 200,
	'GET /mappings/{name}': 200,
	'GET /mappings/{name}/versions': 200,
	'PUT /mappings/{name}': 400,
	'DELETE /mappings/{name}': 204,
	'POST /webhooks': 400,
	'GET /webhooks': 200,
	'GET /webhooks/{id}': 200,
	'PATCH /webhooks/{id}': 200,
	'DELETE /webhooks/{id}': 204,
	'POST /webhooks/{id}/secret': 200,
	'POST /webhooks/{id}/test': 202,
	'POST /webhooks/{id}/confirm': 200,
	'GET /webhooks/{id}/deliveries': 200,
	'GET /deliveries/{id}': 200,
	'POST /deliveries/{id}/resend': 202,

	'GET /inbox': 404,
	'POST /inbox/retry': 404,
	'POST /inbox/pause': 404,
	'POST /inbox/resume': 404,
	'GET /usage': 200,
	'GET /usage/users': 200,
	'GET /stats': 200,
	'GET /health': 200,
	'GET /healthz': 200,
	'GET /livez': 200,
	'GET /readyz': 200,
	'GET /metrics': 200,
	'GET /openapi.json': 200,
	'GET /': 302,
	'GET /app': 200,
	'GET /app/{view}': 200,
	'GET /app/{view}/{part}': 200,
	'GET /docs': 200,
	'GET /docs/style.css': 200,
	'GET /docs/actions': 200,
	'GET /docs/problems/{code}': 404,
	'GET /.well-known/api-catalog': 200,
	'GET /.well-known/security.txt': 404,
};

/** The account whose things are named, and another one of the same role, are users; a token is of the owner. */
const ROLE_OF = {owner: 'user', other: 'user'} as const;

const SCOPES = ['read', 'upload', 'run'];

const actionOf = ({method, template}: Route): Action => {
	const row = rowOf(method, template.replaceAll(/\{(\w+)\}/g, ':$1'));
	const name = actionOfRoute(row);
	if (name === undefined) throw new Error(`Expected an action with the route ${row}`);
	return ACTIONS[name];
};

/** Without an account, too: they find out by themselves who asks. */
const isForAnybody = (route: Route): boolean =>
	actionOf(route).role === null || ['GET /ws', 'POST /device'].includes(nameOf(route));

/** The scope that a token of a program needs: `-` where no program may call it, `*` where anybody may. */
const scopeOf = (route: Route): string => (isForAnybody(route) ? '*' : (actionOf(route).scope ?? '-'));

/** What `actor` is to be answered: the token has all scopes but the one that is needed. */
function expectedStatus(actor: Actor, route: Route): number {
	const letIn = LET_IN[nameOf(route)] ?? 0;
	const {role, reach, isOfAllForOperators} = actionOf(route);
	if (role === null || isForAnybody(route)) return letIn;
	if (actor === 'nobody') return 401;
	if (actor === 'token') return 403;
	if (!mayCall(actor === 'owner' || actor === 'other' ? ROLE_OF[actor] : actor, role)) return 403;
	if (isOfAllForOperators === true && mayCall(actor === 'owner' || actor === 'other' ? 'user' : actor, 'operator'))
		return letIn;
	return reach === 'own' && actor !== 'owner' && namesSomething(route) ? 404 : letIn;
}

/** PUT names what it makes, and a task is asked for with the name of a file in the body. */
const namesSomething = (route: Route): boolean =>
	nameOf(route) === 'POST /run' || (kindOf(route) !== undefined && route.method !== 'PUT');

interface Route {
	readonly method: string;
	/** As `/api/v1/files/{id}`. */
	readonly template: string;
}

/** As in the table: a route is the same with the version, without it, and as systems before had it. */
const nameOf = ({method, template}: Route): string => rowOf(method, template);

async function routesOf(server: TestServer): Promise<readonly Route[]> {
	const {json} = await server.ask('GET', '/openapi.json');
	return Object.entries(json.paths as Record<string, object>).flatMap(([template, methods]) =>
		Object.keys(methods).map(method => ({method: method.toUpperCase(), template})),
	);
}

const KINDS = [
	...(['users', 'sessions', 'files', 'run', 'results', 'uploads', 'tokens', 'invitations', 'webhooks'] as const),
	...(['deliveries', 'bulk', 'mappings', 'device', 'droplinks'] as const),
] as const;
type Kind = (typeof KINDS)[number];

/** What a route names; `undefined`: nothing. */
function kindOf({template}: Route): Kind | undefined {
	if (!template.includes('{') || /^\/(?:docs|app)\//.test(template)) return undefined;
	const kind = KINDS.find(each => template.replace('/runs/', '/run/').includes(`/${each}/{`));
	if (kind === undefined) throw new Error(`Expected to know what ${template} names`);
	return kind;
}

const absentId = (kind: Kind): string =>
	kind === 'uploads'
		? '0'.repeat(32)
		: createId(({files: 'f', users: 'u', invitations: 'i'} as const)[kind as 'files'] ?? 't');

const FORM = {'content-type': 'application/x-www-form-urlencoded'};

/** What is sent besides the path, with the file of the owner where it names one. */
function questionOf({method, template}: Route, file: string): Question {
	if (template.includes('/uploads')) {
		const headers = {'tus-resumable': '1.0.0'};
		if (method === 'POST') return {headers: {...headers, 'upload-length': '3'}};
		if (method !== 'PATCH') return {headers};
		const type = 'application/offset+octet-stream';
		return {headers: {...headers, 'upload-offset': '0', 'content-type': type}, body: 'abc'};
	}
	const headers = {'if-match': '*'};
	if (method === 'PATCH') return {headers, json: template.includes('/webhooks') ? {state: 'on'} : {role: 'user'}};
	if (/\/webhooks\/.*\/confirm$/.test(template)) return {json: {code: 'x'}};
	if (template === '/device') return method === 'POST' ? {headers: FORM, body: ''} : {};
	if (method !== 'POST' || template.includes('{') || template.endsWith('/upload')) return {};
	if (template.endsWith('/bulk')) return {json: {action: 'cancel', q: 'no-such-file', expected_count: 0}};
	return {json: /\/runs?$/.test(template) ? {file_id: file} : {}};
}

/** A server with somebody of each kind, and what belongs to the owner. */
class Scene {
	readonly server: TestServer;
	/** Their accounts. */
	readonly seats: Readonly<Record<'owner' | 'other' | 'viewer' | 'uploader' | 'operator' | 'admin', string>>;
	readonly #sessions = new Map<string, {readonly token: string}>();
	readonly #tokens = new Map<string, string>();
	#file = '';
	/** Of the account that was named last. */
	#session = '';
	#task = '';

	private constructor(server: TestServer) {
		this.server = server;
		const seat = (name: string, role: Parameters<TestServer['seat']>[1]): string => server.seat(name, role).id;
		this.seats = {
			...{owner: seat('owner', 'user'), other: seat('other', 'user'), viewer: seat('viewer', 'viewer')},
			...{
				uploader: seat('uploader', 'uploader'),
				operator: seat('operator', 'operator'),
				admin: seat('admin', 'admin'),
			},
		};
	}

	static async create(): Promise<Scene> {
		const scene = new Scene(await startTestServer());
		const owner = scene.session('owner');
		scene.#file = await scene.server.upload(owner, 'secret-name.csv', `${GOOD_FILE}t,c,no number,2024-01-01,food\n`);
		scene.#task = await scene.server.run(owner, scene.#file);
		await scene.server.untilTask(owner, scene.#task, 'COMPLETED');
		return scene;
	}

	session(actor: keyof Scene['seats']): string {
		const {token} = this.#sessions.get(actor) ?? this.server.session(this.seats[actor]);
		this.#sessions.set(actor, {token});
		return token;
	}

	/** What `actor` calls a route with. */
	async tokenOf(actor: Actor, route: Route): Promise<string | null> {
		if (actor === 'nobody') return null;
		if (actor === 'token') return this.#programWithout(scopeOf(route));
		return nameOf(route) === 'POST /auth/logout' ? this.server.session(this.seats[actor]).token : this.session(actor);
	}

	/** With every scope but the one that is needed. */
	#programWithout(scope: string): Promise<string> {
		if (scope.startsWith('admin:')) return this.program('admin', SCOPES);
		return this.program(
			'owner',
			SCOPES.filter(each => each !== (scope === '*' ? 'read' : scope)),
		);
	}

	/** A token of the owner or, where it is about accounts, of the admin. */
	async program(actor: 'owner' | 'admin', scopes: readonly string[]): Promise<string> {
		const key = `${actor} ${scopes}`;
		const known = this.#tokens.get(key);
		if (known !== undefined) return known;
		const made = await this.server.ask('POST', '/api/v1/tokens', {
			...{token: this.session(actor), json: {name: 'x', scopes}},
		});
		expect(made.status).toBe(201);
		this.#tokens.set(key, made.json.token);
		return made.json.token;
	}

	/** What belongs to the owner, or is looked after by the admin: made anew for each route, which may remove it. */
	async newId(kind: Kind): Promise<string> {
		const {server} = this;
		if (kind === 'run' || kind === 'results') return this.#task;
		if (kind === 'files') return server.upload(this.session('owner'), 'secret-name.csv', GOOD_FILE);
		if (kind === 'device') return (await server.ask('POST', '/api/v1/auth/device/code', {json: {}})).json.user_code;
		if (kind === 'sessions') return server.session(this.seats.owner).session;
		if (kind === 'bulk') return this.#newBulk();
		if (kind === 'webhooks' || kind === 'deliveries') return this.#newWebhook(kind);
		if (kind === 'mappings') return this.#newMapping();
		if (kind === 'users') {
			const {id, session} = server.seat(createId('u').slice(2, 12));
			this.#session = session;
			server.addSecondFactor(id);
			return id;
		}
		const token = this.session(kind === 'invitations' ? 'admin' : 'owner');
		if (kind === 'uploads') {
			const headers = {'tus-resumable': '1.0.0', 'upload-length': '3'};
			const {headers: answered} = await server.ask('POST', '/api/v1/uploads', {token, headers});
			return answered.get('location')?.split('/').at(-1) ?? '';
		}
		const json = {tokens: {name: 'x', scopes: ['read']}, droplinks: {name: 'x'}}[String(kind)] ?? {role: 'user'};
		return (await server.ask('POST', `/api/v1/${kind}`, {token, json})).json.id;
	}

	async #newBulk(): Promise<string> {
		const json = {action: 'cancel', q: 'no-such-file', expected_count: 0};
		return (await this.server.ask('POST', '/api/v1/bulk', {token: this.session('owner'), json})).json.id;
	}

	async #newMapping(): Promise<string> {
		const name = createId('t');
		const made = await this.server.ask('PUT', `/api/v1/mappings/${name}`, {
			...{token: this.session('owner'), json: {map: {amount: 'A'}, headings: ['A']}},
		});
		expect(made.status).toBe(201);
		return name;
	}

	/** Nothing listens there. */
	async #newWebhook(kind: 'webhooks' | 'deliveries'): Promise<string> {
		const token = this.session('owner');
		const made = await this.server.ask('POST', '/api/v1/webhooks', {token, json: {url: 'http://127.0.0.1:9/'}});
		expect(made.status).toBe(201);
		if (kind === 'webhooks') return made.json.id;
		return (await this.server.ask('POST', `/api/v1/webhooks/${made.json.id}/test`, {token})).json.id;
	}

	/** A stream of events is left when its head has come. */
	async call(route: Route, id: string, token: string | null, method = route.method): Promise<Reply> {
		const path = route.template.replace('{session}', this.#session).replace(/\{\w+\}/, id);
		const response = await this.server.fetch(method, path, {...questionOf(route, this.#file), token});
		if (!/event-stream/.test(response.headers.get('content-type') ?? '')) return replyOf(response);
		await response.body?.cancel();
		return {status: response.status, headers: response.headers, text: '', json: undefined};
	}
}

test('each route belongs to one action, and each action has a door', () => {
	expect(ACTION_LIST.flatMap(({routes}) => routes).toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
	for (const {title, routes, key, page, command, ssh} of ACTION_LIST)
		expect(
			[...routes, key, page, command, ssh].filter(door => door !== null),
			title,
		).not.toEqual([]);
});

test('each route gives each caller what the table says, and the table has all of them', async () => {
	const scene = await Scene.create();
	const routes = await routesOf(scene.server);
	expect([...new Set(routes.map(nameOf))].sort()).toEqual(Object.keys(LET_IN).sort());
	const found: Record<string, string> = {};
	for (const route of routes) {
		const kind = kindOf(route);
		let id = kind === undefined ? '' : await scene.newId(kind);
		const statuses = new Map<Actor, number>();
		// The owner, who may remove what is named, comes last.
		for (const actor of [...ACTORS.filter(each => each !== 'owner'), 'owner'] as const) {
			const token = await scene.tokenOf(actor, route);
			// What one has decided is there for nobody else.
			if (kind === 'device') id = await scene.newId(kind);
			statuses.set(actor, (await scene.call(route, id, token)).status);
		}
		found[`${route.method} ${route.template}`] = ACTORS.map(actor => statuses.get(actor)).join(' ');
	}
	expect(found).toEqual(
		Object.fromEntries(
			routes.map(route => [
				`${route.method} ${route.template}`,
				ACTORS.map(actor => expectedStatus(actor, route)).join(' '),
			]),
		),
	);
});

test('what is another user’s and what is not there look alike', async () => {
	const scene = await Scene.create();
	const other = scene.session('other');
	for (const route of await routesOf(scene.server)) {
		const kind = kindOf(route);
		// PUT makes something, and names nothing that is there; a program that asks is nobody's.
		if (kind === undefined || kind === 'device' || route.method === 'PUT') continue;
		const [foreign, absent] = [await scene.newId(kind), absentId(kind)];
		expect(comparable(await scene.call(route, foreign, other), foreign), nameOf(route)).toEqual(
			comparable(await scene.call(route, absent, other), absent),
		);
	}
	// Nor do lists and figures tell of it.
	for (const path of ['/files', '/api/v1/run', '/api/v1/results', '/stats', '/api/v1/usage', '/api/v1/tokens']) {
		const {status, text} = await scene.server.ask('GET', path, {token: other});
		expect(status).toBe(200);
		expect(text).not.toMatch(/secret-name|[fr]_[0-9a-z]{26}/);
	}
});

test('a disabled account is nobody; one that must first change its password or add a second factor does only that; a token with the scope does what its owner may', async () => {
	const scene = await Scene.create();
	const {server} = scene;
	const disabled = server.seat('disabled', 'admin');
	const unready = [
		{need: 'password', code: 'PASSWORD_CHANGE_NEEDED', token: server.seat('renewed', 'admin').token},
		{need: 'second-factor', code: 'SECOND_FACTOR_ENROLMENT_NEEDED', token: server.seat('bare', 'admin').token},
	];
	server.writeLedger(database => {
		database.exec(`UPDATE accounts SET is_disabled = 1 WHERE name = 'disabled';
			UPDATE accounts SET must_change_password = 1 WHERE name = 'renewed';
			DELETE FROM second_factors WHERE account = (SELECT id FROM accounts WHERE name = 'bare')`);
	});
	for (const route of await routesOf(server)) {
		if (!route.template.startsWith('/api/v1/')) continue;
		const [nobody, owner, admin] = (['nobody', 'owner', 'admin'] as const).map(actor => expectedStatus(actor, route));
		const [name, scope] = [nameOf(route), scopeOf(route)];
		const kind = kindOf(route);
		const id = kind === undefined ? '' : await scene.newId(kind);
		expect((await scene.call(route, id, disabled.token)).status, name).toBe(nobody);
		for (const {need, code, token} of unready) {
			const allowed = actionOf(route).isForUnreadyLogin;
			if (allowed === 'any' || allowed === need) continue;
			const {status, json} = await scene.call(route, id, token);
			expect(status, name).toBe(nobody === 401 ? 403 : nobody);
			if (nobody === 401 && route.method !== 'HEAD') expect(json.code, name).toBe(code);
		}
		if (route.method === 'GET') {
			const head = await scene.call(route, id, scene.session('other'), 'HEAD');
			const got = await scene.call(route, id, scene.session('other'));
			if (head.status !== 404 && head.status !== 405) expect(head.status, `HEAD of ${name}`).toBe(got.status);
		}
		if (scope === '-' || scope === '*' || name.endsWith('/reset')) continue;
		const isOfAdmin = scope.startsWith('admin:');
		const token = await scene.program(isOfAdmin ? 'admin' : 'owner', [scope]);
		expect((await scene.call(route, id, token)).status, `${name} by a token`).toBe(isOfAdmin ? admin : owner);
	}
});
