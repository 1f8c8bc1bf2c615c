// The provider of logins: its addresses and keys are found when it is needed first, and it is asked by a library that checks what it answers.
import {readFile} from 'node:fs/promises';
import * as client from 'openid-client';
import {isLoopback} from '../../text/is-loopback.ts';
import {messageOf} from '../../text/system-error.ts';
import {problem} from '../problem.ts';
import {ServeError} from '../serve-error.ts';
import type {Claims} from './claims.ts';

export interface ProviderOptions {
	readonly issuer: string;
	readonly clientId: string;
	/** `null`: the provider knows the program without one. */
	readonly clientSecretFile: string | null;
	readonly scope: string;
}

/** What is sent to the provider and must come back. */
export interface Challenge {
	readonly state: string;
	readonly nonce: string;
	readonly verifier: string;
}

export interface Granted {
	readonly subject: string;
	readonly claims: Claims;
	/** `null`: nothing can be asked later on. */
	readonly refreshToken: string | null;
	readonly expiresInMs: number;
}

/** What comes of asking again. */
export type Renewal =
	| {readonly outcome: 'granted'; readonly granted: Granted}
	/** The provider says that nothing is granted any more. */
	| {readonly outcome: 'ended'}
	/** It has said nothing of that. */
	| {
			readonly outcome: 'unknown';
			/** To ask by from now on: it may be another one already. */
			readonly refreshToken: string;
			readonly reason: string;
			/** When others may be asked about; `null`: at once, because this one is the matter. */
			readonly pauseMs: number | null;
	  };

const TIMEOUT_SECONDS = 10;
/** Where the provider does not say how long it is to be left alone, and the longest time that it is. */
const [PAUSE_SECONDS, MAX_PAUSE_SECONDS] = [30, 300];
/** Where the provider does not say for how long. */
const DEFAULT_SECONDS = 3600;

export class Provider {
	readonly issuer: string;
	readonly #options: ProviderOptions;
	readonly #secret: string | null;
	#configuration: Promise<client.Configuration> | null = null;

	/** @throws {ServeError} When the file with the secret has none. */
	static async read(options: ProviderOptions): Promise<Provider> {
		const {clientSecretFile: path} = options;
		return new Provider(options, path === null ? null : await readSecret(path));
	}

	private constructor(options: ProviderOptions, secret: string | null) {
		this.issuer = options.issuer;
		this.#options = options;
		this.#secret = secret;
	}

	newChallenge(): Challenge {
		return {
			...{state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier()},
		};
	}

	/** @throws {Problem} Where it cannot be reached. */
	async addressFor({state, nonce, verifier}: Challenge, redirectUri: string): Promise<URL> {
		const configuration = await this.#configure();
		return client.buildAuthorizationUrl(configuration, {
			...{redirect_uri: redirectUri, scope: this.#options.scope, state, nonce},
			...{code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256'},
		});
	}

	/**
	@param address - That the browser was sent back to.
	@throws {Problem} Where the provider has sent nobody, or somebody else.
	*/
	async exchange(address: URL, {state, nonce, verifier}: Challenge): Promise<Granted> {
		const configuration = await this.#configure();
		try {
			const answer = await client.authorizationCodeGrant(configuration, address, {
				...{pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true},
			});
			return await this.#granted(configuration, answer, answer.claims()?.sub ?? '');
		} catch (error) {
			throw this.#explained(error);
		}
	}

	/** Only what the provider says of this very grant ends it: it may have too much to do, be away, or know this server no more. */
	async renew(refreshToken: string, subject: string): Promise<Renewal> {
		let newest = refreshToken;
		try {
			const configuration = await this.#configure();
			const answer = await client.refreshTokenGrant(configuration, refreshToken);
			newest = answer.refresh_token ?? refreshToken;
			const granted = await this.#granted(configuration, answer, subject);
			return {outcome: 'granted', granted: {...granted, refreshToken: newest}};
		} catch (error) {
			if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') return {outcome: 'ended'};
			return {outcome: 'unknown', refreshToken: newest, reason: reasonOf(error), pauseMs: pauseAfter(error)};
		}
	}

	/** With what the provider says of somebody when it is asked, which is newer and more than what is in the token. */
	async #granted(
		configuration: client.Configuration,
		answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
		subject: string,
	): Promise<Granted> {
		const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
		const told = hasMore ? await client.fetchUserInfo(configuration, answer.access_token, subject) : {};
		const inToken = answer.claims() ?? {sub: subject};
		const claims: Claims = {...inToken, ...told};
		if (subject === '' || inToken.sub !== subject || claims.sub !== subject)
			throw refused('it named another person than before');
		return {
			...{subject, claims, refreshToken: answer.refresh_token ?? null},
			expiresInMs: (answer.expiresIn() ?? DEFAULT_SECONDS) * 1000,
		};
	}

	/** What could not be found is looked for again by the next one who asks. */
	async #configure(): Promise<client.Configuration> {
		this.#configuration ??= this.#discover();
		try {
			return await this.#configuration;
		} catch (error) {
			this.#configuration = null;
			throw this.#explained(error);
		}
	}

	async #discover(): Promise<client.Configuration> {
		const {issuer, clientId} = this.#options;
		const isLocal = isLoopback(new URL(issuer).hostname.replace(/^\[(.*)\]$/, '$1'));
		return client.discovery(
			new URL(issuer),
			clientId,
			...([this.#secret ?? {}, this.#secret === null ? client.None() : undefined] as const),
			{
				timeout: TIMEOUT_SECONDS,
				// The signature of a token is looked at though it has come by TLS.
				execute: [client.enableNonRepudiationChecks, ...(isLocal ? [client.allowInsecureRequests] : [])],
			},
		);
	}

	#explained(error: unknown): unknown {
		if (error instanceof client.AuthorizationResponseError || isOfGrant(error))
			return refused(`it said ${error.error_description ?? error.error}`);
		// What does not fit together was made by somebody else.
		if (error instanceof client.ClientError && !isAway(error)) return refused(messageOf(error));
		if (!isAway(error)) return error;
		const retryAfter = (pauseAfter(error) ?? 0) / 1000;
		return problem('PROVIDER_AWAY', `${this.issuer} does not answer as it should: ${reasonOf(error)}.`, {retryAfter});
	}
}

/** What was asked for is refused; anything else that a provider may say is not about who comes. */
const isOfGrant = (error: unknown): error is client.ResponseBodyError =>
	error instanceof client.ResponseBodyError && error.status === 400 && !OF_ALL.has(error.error);

const OF_ALL: ReadonlySet<string> = new Set([
	...['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'temporarily_unavailable', 'server_error'],
]);

/** `null`: the error is about one grant, and others may be asked about. */
function pauseAfter(error: unknown): number | null {
	if (!isAway(error)) return null;
	const given = error instanceof client.ResponseBodyError ? error.response.headers.get('retry-after') : null;
	const seconds = given !== null && /^\d{1,6}$/.test(given) ? Number(given) : PAUSE_SECONDS;
	return Math.min(MAX_PAUSE_SECONDS, Math.max(1, seconds)) * 1000;
}

const reasonOf = (error: unknown): string =>
	error instanceof client.ResponseBodyError
		? `it said ${error.error_description ?? error.error} (${error.status})`
		: messageOf(error);

/** The network, the provider itself is not well, or it does not know this server. */
const isAway = (error: unknown): boolean =>
	error instanceof Error &&
	(error.name === 'TimeoutError' ||
		error instanceof TypeError ||
		error instanceof client.WWWAuthenticateChallengeError ||
		(error instanceof client.ResponseBodyError && !isOfGrant(error)) ||
		(error instanceof client.ClientError &&
			[
				'OAUTH_TIMEOUT',
				'OAUTH_ABORT',
				'OAUTH_RESPONSE_IS_NOT_CONFORM',
				'OAUTH_RESPONSE_IS_NOT_JSON',
				'OAUTH_PARSE_ERROR',
			].includes(error.code ?? '')));

const refused = (reason: string) => problem('PROVIDER_REFUSED', `The login was not confirmed: ${reason}.`);

async function readSecret(path: string): Promise<string> {
	let text: string;
	try {
		text = (await readFile(path, 'utf8')).trim();
	} catch (error) {
		throw new ServeError(`${path} (--oidc-client-secret-file) cannot be read: ${messageOf(error)}.`);
	}
	if (text !== '' && !/\s/.test(text)) return text;
	throw new ServeError(
		`${path} (--oidc-client-secret-file) has no secret: expected one word, as the provider shows it.`,
	);
}
