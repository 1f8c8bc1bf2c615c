// A small provider of logins (OpenID Connect), over real HTTP: it says of each who comes what a test has told it.
import {createHash, createSign, generateKeyPairSync, type KeyObject, randomUUID} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished} from 'vitest';
import type {OidcOptions} from '../../source/server/options.ts';
import type {Reply, TestServer} from './server.ts';
import {createTemporaryFolder} from './temporary-folder.ts';

/** Made once: it takes a tenth of a second. */
const [OWN_KEYS, FOREIGN_KEYS] = [makeKeys(), makeKeys()];

const CLIENT_ID = 'fileproc';
const CLIENT_SECRET = 'secret-of-the-program';

export interface Person {
	readonly sub: string;
	readonly [claim: string]: unknown;
}

interface Asked {
	readonly nonce: string;
	readonly challenge: string;
	readonly redirectUri: string;
	readonly person: Person;
}

/** What it does wrong, on purpose. */
export type Fault =
	| 'nonce'
	| 'key'
	| 'issuer'
	| 'audience'
	| 'expired'
	| 'algorithm'
	| 'subject'
	| 'away'
	| 'cut-off'
	| 'too-many-requests'
	| 'unknown-client'
	| 'challenge'
	| 'no-userinfo'
	| 'no-refresh-token';

export class TestProvider {
	/** Who comes next, and what is said of who has come before. */
	person: Person = {sub: 'p1', preferred_username: 'ann', groups: ['analysts']};
	fault: Fault | null = null;
	expiresIn = 60;
	refreshCount = 0;
	readonly issuer: string;
	readonly #key: KeyObject;
	readonly #publicJwk: object;
	readonly #codes = new Map<string, Asked>();
	readonly #refreshTokens = new Set<string>();

	static async start(): Promise<TestProvider> {
		let provider: TestProvider | null = null;
		const server = createServer((request, response) => void provider?.answer(request, response));
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => {
			server.closeAllConnections();
			server.close();
		});
		provider = new TestProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		return provider;
	}

	private constructor(issuer: string) {
		const {privateKey, publicKey} = OWN_KEYS;
		this.issuer = issuer;
		this.#key = privateKey;
		this.#publicJwk = {...publicKey.export({format: 'jwk'}), kid: 'k1', use: 'sig', alg: 'RS256'};
	}

	/** What is given back is of no use any more. */
	revoke(): void {
		this.#refreshTokens.clear();
	}

	async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '', this.issuer);
		const send = (status: number, body: object): void => {
			response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
		};
		if (this.fault === 'away') return void response.writeHead(503).end();
		if (this.fault === 'cut-off') return void request.socket.destroy();
		if (url.pathname === '/.well-known/openid-configuration') return send(200, this.#description());
		if (url.pathname === '/keys') return send(200, {keys: [this.#publicJwk]});
		if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response);
		if (url.pathname === '/userinfo')
			return this.fault === 'no-userinfo' ? this.#challenge(response) : send(200, this.person);
		if (url.pathname !== '/token') return send(404, {});
		if (this.fault === 'challenge') return this.#challenge(response);
		if (this.fault === 'too-many-requests') return send(429, {error: 'temporarily_unavailable'});
		if (this.fault === 'unknown-client') return send(401, {error: 'invalid_client'});
		let text = '';
		for await (const chunk of request) text += chunk;
		const answer = this.#token(new URLSearchParams(text), request.headers.authorization ?? '');
		send('error' in answer ? 400 : 200, answer);
	}

	#challenge(response: ServerResponse): void {
		response.writeHead(401, {'www-authenticate': 'Bearer error="invalid_token"'}).end();
	}

	#description(): object {
		const at = (path: string): string => this.issuer + path;
		return {
			...{issuer: this.issuer, authorization_endpoint: at('/authorize'), token_endpoint: at('/token')},
			...{jwks_uri: at('/keys'), userinfo_endpoint: at('/userinfo'), response_types_supported: ['code']},
			...{subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256']},
			...{authorization_response_iss_parameter_supported: true, code_challenge_methods_supported: ['S256']},
		};
	}

	#authorize(query: URLSearchParams, response: ServerResponse): void {
		const get = (name: string): string => query.get(name) ?? '';
		const code = randomUUID();
		const [redirectUri, challenge] = [get('redirect_uri'), get('code_challenge')];
		if (get('client_id') !== CLIENT_ID || get('code_challenge_method') !== 'S256' || challenge === '')
			return void response.writeHead(400).end();
		this.#codes.set(code, {nonce: get('nonce'), challenge, redirectUri, person: this.person});
		const back = new URL(redirectUri);
		for (const [name, value] of Object.entries({code, state: get('state'), iss: this.issuer}))
			back.searchParams.set(name, value);
		response.writeHead(302, {location: back.href}).end();
	}

	#token(form: URLSearchParams, authorization: string): object {
		const [id, secret] = [form.get('client_id'), form.get('client_secret')];
		const basic = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
		if (`${id}:${secret}` !== `${CLIENT_ID}:${CLIENT_SECRET}` && basic !== `${CLIENT_ID}:${CLIENT_SECRET}`)
			return {error: 'invalid_client'};
		if (form.get('grant_type') === 'refresh_token') {
			this.refreshCount++;
			if (!this.#refreshTokens.delete(form.get('refresh_token') ?? '')) return {error: 'invalid_grant'};
			return this.#granted(this.person, '');
		}
		const asked = this.#codes.get(form.get('code') ?? '');
		this.#codes.delete(form.get('code') ?? '');
		const challenge = createHash('sha256')
			.update(form.get('code_verifier') ?? '')
			.digest('base64url');
		if (asked === undefined || asked.challenge !== challenge || asked.redirectUri !== form.get('redirect_uri'))
			return {error: 'invalid_grant'};
		return this.#granted(asked.person, asked.nonce);
	}

	#granted(person: Person, nonce: string): object {
		const refreshToken = randomUUID();
		this.#refreshTokens.add(refreshToken);
		const hasRefresh = this.fault !== 'no-refresh-token';
		return {
			...{access_token: randomUUID(), token_type: 'Bearer', expires_in: this.expiresIn},
			...(hasRefresh && {refresh_token: refreshToken}),
			id_token: this.#idToken(person, nonce),
		};
	}

	#idToken({sub}: Person, nonce: string): string {
		const {fault} = this;
		const now = Math.floor(Date.now() / 1000);
		const payload = {
			...{iss: fault === 'issuer' ? 'https://other.example' : this.issuer, sub: fault === 'subject' ? 'another' : sub},
			...{
				aud: fault === 'audience' ? 'another' : CLIENT_ID,
				iat: now,
				exp: fault === 'expired' ? now - 600 : now + 300,
			},
			...(nonce !== '' && {nonce: fault === 'nonce' ? 'another' : nonce}),
		};
		const header = {alg: fault === 'algorithm' ? 'none' : 'RS256', kid: 'k1', typ: 'JWT'};
		const text = [header, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
		if (fault === 'algorithm') return `${text}.`;
		const key = fault === 'key' ? FOREIGN_KEYS.privateKey : this.#key;
		return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
	}
}

function makeKeys() {
	return generateKeyPairSync('rsa', {modulusLength: 2048});
}

export const optionsOf = ({issuer}: TestProvider, allow: readonly string[]): OidcOptions => ({
	...{issuer, clientId: CLIENT_ID, allow, role: 'user', scope: 'openid profile'},
	clientSecretFile: createTemporaryFolder().write('secret', `${CLIENT_SECRET}\n`),
});

/** `name=value`; empty where there is none, or it is removed. */
export const cookieOf = ({headers}: {readonly headers: Headers}, name: string): string =>
	headers
		.getSetCookie()
		.map(each => each.split(';')[0] ?? '')
		.find(each => each.startsWith(`${name}=`) && !each.endsWith('=')) ?? '';

interface Trip {
	/** What happens to the address on the way back. */
	readonly change?: (back: URL) => void;
	readonly query?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** As a browser goes: to the provider and back. */
export async function logInByProvider(
	server: TestServer,
	{change = () => {}, query = '', headers = {}}: Trip = {},
): Promise<Reply & {readonly token: string}> {
	const begun = await server.ask('GET', `/api/v1/auth/oidc${query}`);
	expect(begun.status, begun.text).toBe(302);
	const answered = await fetch(begun.headers.get('location') ?? '', {redirect: 'manual'});
	const back = new URL(answered.headers.get('location') ?? '');
	change(back);
	const cookie = cookieOf(begun, 'fileproc_local_oidc');
	const reply = await server.ask('GET', back.pathname + back.search, {headers: {...headers, cookie}});
	return {...reply, token: cookieOf(reply, 'fileproc_local').split('=')[1] ?? ''};
}
