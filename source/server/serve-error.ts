/** Why a server does not start like this: a sentence for whoever starts it. */
export class ServeError extends Error {
	override readonly name = 'ServeError';
}
