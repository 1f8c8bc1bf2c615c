// An event of this server as its log has it: as those of runs are.
export const lineOf = (type: string, members: object): string =>
	JSON.stringify({type, at: new Date().toISOString(), ...members});
