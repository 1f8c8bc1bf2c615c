/**
How events, and commands to a run, name a file of it.

Two files of a run may have the same name: uploads of two people, or a file that is added again later. The first one is
named by its name alone. Any other one has a `jobId` as well, which no other file of the run has. So scripts that read
events of runs without such files, as those of the command line are, never meet a `jobId`.
*/
export interface FileAddress {
	/** The path as given or found: the name of the file in every event and in the report. */
	readonly file: string;
	/** There where an earlier file of the run has the same name. */
	readonly jobId?: number;
	/** In a watched folder: the claim that the file was taken by. */
	readonly claim?: string;
}

/** What no other file of the run has, for tables of files: a `jobId` is a number, and all files of a watched folder have a claim. */
export const keyOf = ({file, jobId, claim}: FileAddress): string | number => claim ?? jobId ?? file;
