// Who takes care of an error that nothing has caught. By itself it ends the process; where several sessions share one, only the session that it is from.

let take: (error: unknown) => boolean = () => false;

/** @param handler - Returns whether it has taken care of the error. */
export function handleFaultsBy(handler: (error: unknown) => boolean): void {
	take = handler;
}

export const isTakenCareOf = (error: unknown): boolean => take(error);
