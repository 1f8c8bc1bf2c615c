// What `fileproc-tui help routing` says; `topic-lines.ts` explains how it is written.
export const ROUTING = `
    fileproc-tui watch ./inbox --routes routes.json
    fileproc-tui routes check routes.json inbox/unprocessed/*     explains the routes, and says which one each file would take, and why

	{
	  "watch": {
	    "routes": [
	      {"tag": "transactions", "match": {"columns": ["customer_id", "amount", "date", "category"]},
	       "steps": [{"processor": "analyze", "with": {"analysis": ["transactions", "quality"]}}]},
	      {"tag": "errors", "match": {"name": "*.log", "contains": "ERROR"},
	       "steps": [{"processor": "analyze", "with": {"analysis": "lines"}}, {"processor": "./processors/alert.ts", "tags": {"urgent": "page"}}]},
	      {"tag": "page", "steps": [{"processor": "command", "with": {"run": ["mail", "-s", "errors", "ops"]}}]},
	      {"tag": "other", "match": "any", "steps": [{"processor": "analyze"}]}
	    ],
	    "processors": ["./processors/uppercase.ts"]
	  }
	}

The first route whose 'match' holds is taken, and its steps are done one after the other; a file without one goes to failed/ as NO_ROUTE.
All terms of a 'match' must hold: 'name' and 'folder' are patterns as in a shell, one or a list ("folder": "" is the inbox itself), 'size'
has 'min' and 'max' ("10MiB"), 'columns' must be in the header, found as analyses find theirs, 'dialect' has 'delimiter', 'quote',
'encoding', 'header' and 'compression' as reports tell them, and 'firstBytes' is a text, or bytes (hex:25 50, base64:...). 'contains' is a
text and 'matches' a regular expression for a line ((?i) in front: in any case), both in the unpacked and decoded text. Regular expressions
have no references and do not look ahead or back, so no pattern and no line takes long. Of an archive, one of its first 100 files must be
so.

What a processor says of a file ('tag') may lead to another route ('tags'), which needs no 'match'. A file takes 32 steps at most, and a way
that never ends, a tag or processor that is not there, and a route that no file can take are refused before the first file is taken, all of
them with line and column. Paths of modules begin in the folder of the file. {"routes": [...], "processors": [...]} alone will do. Your own
configuration file may have the same under "watch", beside 'settle', 'poll' and other flags of 'watch'. Files of the older system,
log_processor_config.json and pipeline_config.json, are read as they are. "$schema" lets editors complete and check it, settings of steps
included, as in configuration files.

# Steps

A step reads the file, or what a step before has made of it, and what it makes lies in results/, too. 'with' has its settings, 'timeout' in
seconds among them (600; of each attempt of a webhook 10).

| analyze | the analyses; 'with': 'analysis'
| convert | the sound records as clean CSV, JSON lines or Parquet; 'with': 'to' ('csv'), 'where', 'columns', 'rename' ({"new": "old"}), 'normalise', 'guardFormulas'
| filter | the records that fit a condition, as --where has it; 'with': 'where'
| select | some columns, in that order; 'with': 'columns', 'rename'
| validate | rejects records that do not keep the rules; the next step reads the others; 'with': 'columns': for each name 'type' ('text', 'number', 'integer', 'date', 'boolean'), 'required', 'unique', 'min', 'max', 'minLength', 'maxLength', 'pattern' (of the whole cell), 'in', 'decimal', 'format' (as --date-format), 'optional'; 'only'; 'maxRejects' (100, "5%"), more of which fail the file as VALIDATION_FAILED
| command | runs a program, without a shell; any exit code but 0 fails the file as COMMAND_FAILED, 75 for now; 'with': 'run', a list; {file} in it is the path, else the file is the input; 'output' ('true', or an ending as "json"), 'cwd', 'env'
| webhook | a POST of what is known of the file as JSON, or of the file; tried again where that may help, else WEBHOOK_FAILED; 'with': 'url', 'send' ("file"), 'secret' ({"env": "NAME"} or {"file": "path"}), 'headers', 'retries' (5)
| move | also puts it into another folder, whole or not at all, and overwrites nothing; 'with': 'to'
| simple, stateful | count lines, of each file and of all, as the older system did

Lines of rejected records are those of what the step has read, so 'validate' comes first. A command finds FILEPROC_NAME, FILEPROC_CLAIM,
FILEPROC_TAG and FILEPROC_METADATA in its environment, and ends with all that it has started. A webhook has X-Fileproc-Claim, the same for
each attempt, and X-Fileproc-Timestamp; with a secret, X-Fileproc-Signature: sha256= and HMAC-SHA256 of timestamp, point and body in
hexadecimal. Redirects are not followed.

A processor of your own is a module, TypeScript or JavaScript:

	import {defineProcessor} from 'fileproc-tui';
	
	export default defineProcessor({
	  name: 'uppercase',
	  version: 1,
	  create: config => ({
	    async process(file, context) {
	      const text = await file.text();
	      return {data: text.toUpperCase(), metadata: {characters: text.length}};
	    },
	  }),
	});

'file' has 'name', 'size', text(), and the streams lines(), records() (objects by the names of columns) and bytes(), which hold no file in
memory; text and records are unpacked and decoded. 'data', or 'output', is text, bytes, or an iterable of these; 'tag', or 'nextTag', one of
the step's 'tags'; 'metadata' goes into the result. 'create' is given 'with', and throws what is wrong with it. With state: {...} in the
declaration, context.state is what 'process' has returned as 'state' for the file before: it is saved together with the result, so each file
counts once. Modules run in processes of their own. What they throw, an endless loop and too much memory fail their file alone, as
PROCESSOR_FAILED, with the line where that is known.
`;
