/** Why a server does not start like this: a sentence for the person who starts it. */
export class ServeError extends Error {
	override readonly name = 'ServeError';
}
