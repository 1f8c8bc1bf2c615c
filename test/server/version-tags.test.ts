// Who changes what others may change, too, says which version was seen: nobody overwrites what nobody has looked at.
import {expect, test} from 'vitest';
import {type Seat, startTestServer, type TestServer} from '../helpers/server.ts';

interface Shared {
	readonly path: (server: TestServer, root: Seat) => Promise<string>;
	/** Three different ones. */
	readonly changes: readonly [object, object, object];
}

const SHARED: Readonly<Record<string, Shared>> = {
	'a user': {
		path: async server => `/api/v1/users/${server.seat('ann').id}`,
		changes: [{role: 'operator'}, {role: 'viewer'}, {is_disabled: true}],
	},
	'a webhook': {
		async path(server, {token}) {
			const made = await server.ask('POST', '/api/v1/webhooks', {token, json: {url: 'http://127.0.0.1:9/'}});
			return `/api/v1/webhooks/${made.json.id}`;
		},
		changes: [{types: ['file.failed']}, {types: ['file.completed']}, {state: 'off'}],
	},
};

test.each(Object.keys(SHARED))('%s is changed only by who has seen what is there', async what => {
	const {path: pathOf, changes} = SHARED[what] ?? expect.fail();
	const server = await startTestServer();
	const root = server.seat('root', 'admin');
	const path = await pathOf(server, root);
	const change = (json: object, match?: string) =>
		server.ask('PATCH', path, {token: root.token, json, ...(match !== undefined && {headers: {'if-match': match}})});
	const look = () => server.ask('GET', path, {token: root.token});
	const before = await look();
	const tag = before.headers.get('etag') ?? '';
	expect(tag).toMatch(/^"[\w-]{22}"$/);
	expect(await change(changes[0])).toMatchObject({status: 428, json: {code: 'VERSION_NEEDED'}});
	expect((await look()).json).toEqual(before.json);
	const changed = await change(changes[0], tag);
	expect(changed).toMatchObject({status: 200, json: changes[0]});
	expect(await change(changes[1], tag)).toMatchObject({status: 412, json: {code: 'VERSION_CHANGED'}});
	expect((await look()).json).toMatchObject(changes[0]);
	// Of two at the same moment one is told.
	const next = changed.headers.get('etag') ?? '';
	const both = await Promise.all([change(changes[1], next), change(changes[2], `"x", ${next}`)]);
	expect(both.map(({status}) => status).sort()).toEqual([200, 412]);
	expect((await look()).headers.get('etag')).toBe(both.find(({status}) => status === 200)?.headers.get('etag'));
	expect((await change(changes[2], '*')).status).toBe(200);
});
