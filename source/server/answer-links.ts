// The Link of answers (RFC 8288): any of them says where the API is described, also to programs that know nothing but an address.
import type {FastifyReply} from 'fastify';

/** RFC 8631. */
export const DESCRIPTION_LINK = '</openapi.json>; rel="service-desc"';

/** @param links - Told before what all answers tell. */
export function addLinks(reply: FastifyReply, links: readonly string[]): void {
	reply.header('link', [...links, DESCRIPTION_LINK].join(', '));
}
