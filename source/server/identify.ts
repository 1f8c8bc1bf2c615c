// Finds out who calls, and whether the route is for them.
import type {FastifyRequest} from 'fastify';
import {LOCAL_USER} from './accounts.ts';
import {ACTIONS, type Action} from './actions.ts';
import type {ServerContext} from './context.ts';
import {LINK_PREFIX} from './drop-links.ts';
import {forbidden, type Problem, problem, unauthorized} from './problem.ts';
import {covers, mayCall, type Scope} from './roles.ts';
import {assertNoForeignPage, assertSameOrigin} from './same-origin.ts';
import {readSessionCookie} from './session-cookie.ts';
import type {Unready} from './tokens.ts';
import {isOfVisit} from './visits.ts';

/** @throws {Problem} Where the page of another site asks. */
export function identify(
	request: FastifyRequest,
	{options, accounts, tokens, dropLinks, monitoringToken}: ServerContext,
): void {
	request.isMonitor = monitoringToken?.isIn(request.headers.authorization) === true;
	const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
	if (options.isOpen || (options.isSshAlone && !accounts.hasAny)) {
		assertNoForeignPage(request);
		// Who comes by SSH may have a lesser role than who is on the machine.
		request.user =
			bearer !== undefined && isOfVisit(bearer)
				? (tokens.find(bearer, request.ip)?.user ?? null)
				: options.isSshAlone
					? null
					: LOCAL_USER;
	} else {
		const token = bearer ?? readSessionCookie(request);
		const caller = token === null ? null : tokens.find(token, request.ip);
		const dropped = caller === null && bearer?.startsWith(LINK_PREFIX) === true ? dropLinks.find(bearer) : null;
		request.token = token;
		if (dropped !== null) {
			request.tokenId = dropped.link.id;
			request.user = {...dropped.owner, link: dropped.link};
			request.scopes = ['upload'];
			return;
		}
		request.tokenId = caller?.id ?? null;
		request.user = caller?.user ?? null;
		request.scopes = caller?.scopes ?? null;
		request.unready = caller?.unready ?? null;
		if (bearer === undefined && caller !== null) assertSameOrigin(request);
	}
}

/** @throws {Problem} Where the route is not for who calls. */
export function authorize(
	request: FastifyRequest,
	{options, monitoringToken}: Pick<ServerContext, 'options' | 'monitoringToken'>,
): void {
	const action = actionOf(request);
	if (action?.isForMonitoring === true) {
		if (request.isMonitor) return;
		// Everybody is an operator there, and the token would keep nobody out.
		if (options.isOpen && monitoringToken !== null) throw unauthorized();
	}
	const {unready} = request;
	if (action === null || action.role === null) {
		// What anybody may call may say more to those who may know more.
		if (unready !== null || !covers(request.scopes, 'read')) request.user = null;
		return;
	}
	const {isForUnreadyLogin, isForLinks = false} = action;
	if (request.user === null) throw unauthorized();
	if (request.user.link !== undefined && !isForLinks) throw onlyToSend();
	if (unready !== null && isForUnreadyLogin !== 'any' && isForUnreadyLogin !== unready) throw NOT_READY[unready]();
	assertMay(request, action);
}

/**
For what a route does besides its own action, too.

@throws {Problem} Where the role or the scopes of who calls are not for it.
*/
export function assertMay({user, scopes}: FastifyRequest, action: Action): void {
	const {role, scope} = action;
	if (role === null) return;
	if (user === null) throw unauthorized();
	if (user.link !== undefined && action.isForLinks !== true) throw onlyToSend();
	if (!mayCall(user.role, role)) throw forbidden(user.role);
	if (!covers(scopes, scope)) throw scopeNeeded(scope);
}

/** `null`: anybody may call it, or there is no such route. */
function actionOf({routeOptions}: FastifyRequest): Action | null {
	const {action, isForAnybody} = routeOptions.config;
	return action === undefined || isForAnybody === true ? null : ACTIONS[action];
}

const NOT_READY: Readonly<Record<Unready, () => Problem>> = {
	password: () =>
		problem(
			'PASSWORD_CHANGE_NEEDED',
			'Somebody else has made this password: first choose another one by POST /api/v1/auth/password.',
		),
	'second-factor': () =>
		problem(
			'SECOND_FACTOR_ENROLMENT_NEEDED',
			'The role may do nothing without a second factor: first add one by POST /api/v1/auth/second-factor.',
		),
};

const onlyToSend = (): Problem => problem('FORBIDDEN', 'By a drop link files are sent in, and nothing else is done.');

const scopeNeeded = (scope: Scope | null): Problem =>
	scope === null
		? problem('SCOPE_NEEDED', 'This is for people who have logged in: a token of a program may not do it.')
		: problem('SCOPE_NEEDED', `The token has not the scope ${scope}: make another one that has it.`, {more: {scope}});
