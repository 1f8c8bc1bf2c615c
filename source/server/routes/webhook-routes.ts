// Where somebody wants to be notified, and what was delivered.
import {bothPaths, type Routes, userOf} from '../context.ts';
import type {Delivery, DeliveryAttempt, Endpoint} from '../notices/endpoints.ts';
import {NOTICE_TYPES, type NoticeType} from '../notices/notice.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {timeOf} from '../time-of.ts';
import {assertVersion, sendVersion} from '../version-tags.ts';

interface Changes {
	readonly types?: readonly NoticeType[];
	readonly state?: 'on' | 'off';
}

interface ById {
	readonly Params: {readonly id: string};
}

const types = {
	...{type: 'array', minItems: 1, uniqueItems: true, items: {type: 'string', enum: Object.keys(NOTICE_TYPES)}},
	description: Object.entries(NOTICE_TYPES)
		.map(([type, meaning]) => `${type}: ${meaning}`)
		.join('; '),
} as const;

const bodyOf = (properties: object, ...required: readonly string[]) => ({
	body: {type: 'object', required, additionalProperties: false, properties},
});

/** What may be changed of it. */
const versionOf = ({id, types, state}: Endpoint) => [id, types, state];

export const describeEndpoint = (endpoint: Endpoint) => ({
	...{id: endpoint.id, url: endpoint.url, types: endpoint.types, state: endpoint.state},
	...{off_reason: endpoint.offReason, failures: endpoint.failures, rests_until: timeOf(endpoint.restsUntil)},
	created_at: timeOf(endpoint.createdAt),
	links: {self: `/api/v1/webhooks/${endpoint.id}`, deliveries: `/api/v1/webhooks/${endpoint.id}/deliveries`},
});

const describeDelivery = (delivery: Delivery) => ({
	...{id: delivery.id, webhook_id: delivery.endpoint, message_id: delivery.notice, type: delivery.type},
	...{state: delivery.state, attempts: delivery.attempts, created_at: timeOf(delivery.createdAt)},
	...{next_attempt_at: timeOf(delivery.nextAttemptAt), ended_at: timeOf(delivery.endedAt)},
});

const describeAttempt = ({number, begunAt, ms, status, error}: DeliveryAttempt) => ({
	...{number, at: timeOf(begunAt), elapsed_ms: ms, status, error},
});

export const webhookRoutes: Routes = (app, {endpoints}) => {
	for (const path of bothPaths('/webhooks')) {
		app.post<{Body: {readonly url: string; readonly types: readonly NoticeType[]}}>(
			path,
			{
				schema: bodyOf({url: {type: 'string', minLength: 1}, types: {...types, default: ['run.completed']}}, 'url'),
			},
			async (request, reply) => {
				const {url, types} = request.body;
				const {endpoint, secret} = await endpoints.create(userOf(request), url, types);
				reply.header('location', `/api/v1/webhooks/${endpoint.id}`);
				return reply.code(201).send({...describeEndpoint(endpoint), secret});
			},
		);
		app.get(path, async request => ({
			webhooks: endpoints.list(userOf(request)).map(describeEndpoint),
		}));
	}
	for (const path of bothPaths('/webhooks/:id')) {
		app.get<ById>(path, async (request, reply) => {
			const endpoint = endpoints.find(userOf(request), request.params.id);
			sendVersion(reply, versionOf(endpoint));
			return describeEndpoint(endpoint);
		});
		app.patch<ById & {Body: Changes}>(
			path,
			{schema: bodyOf({types, state: {type: 'string', enum: ['on', 'off']}})},
			async (request, reply) => {
				const seen = endpoints.find(userOf(request), request.params.id);
				assertVersion(request, versionOf(seen));
				const endpoint = await endpoints.change(userOf(request), seen, request.body);
				sendVersion(reply, versionOf(endpoint));
				return describeEndpoint(endpoint);
			},
		);
		app.delete<ById>(path, async (request, reply) => {
			await endpoints.remove(userOf(request), request.params.id);
			return reply.code(204).send();
		});
		app.post<ById>(`${path}/secret`, async request => ({
			secret: await endpoints.changeSecret(userOf(request), request.params.id),
		}));
		app.post<ById>(`${path}/test`, async (request, reply) =>
			reply.code(202).send(describeDelivery(await endpoints.test(userOf(request), request.params.id))),
		);
		app.post<ById & {Body: {readonly code: string}}>(
			`${path}/confirm`,
			{schema: bodyOf({code: {type: 'string', minLength: 1, maxLength: 100}}, 'code')},
			async request => describeEndpoint(await endpoints.confirm(userOf(request), request.params.id, request.body.code)),
		);
		app.get<ById & {Querystring: PageQuery}>(
			`${path}/deliveries`,
			{schema: {querystring: pageQuery}},
			async (request, reply) => {
				const {id} = request.params;
				const {items, next} = pageOf(
					reply,
					`/api/v1/webhooks/${id}/deliveries`,
					request.query,
					byNumber,
					(before, limit) => endpoints.deliveriesOf(userOf(request), id, before, limit),
				);
				return {deliveries: items.map(describeDelivery), next_cursor: next};
			},
		);
	}
	for (const path of bothPaths('/deliveries/:id')) {
		app.get<ById>(path, async request => {
			const delivery = endpoints.findDelivery(userOf(request), request.params.id);
			return {...describeDelivery(delivery), log: endpoints.attemptsOf(delivery).map(describeAttempt)};
		});
		app.post<ById>(`${path}/resend`, async (request, reply) =>
			reply.code(202).send(describeDelivery(await endpoints.sendAgain(userOf(request), request.params.id))),
		);
	}
};
