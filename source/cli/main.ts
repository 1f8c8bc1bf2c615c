// A command line -> the command it names -> an exit code. Every error ends here, as a sentence or as a bug report.
import {version} from '../engine/version.ts';
import {safe} from '../text/safe.ts';
import {restoreTerminal} from '../ui/terminal/terminal-session.ts';
import {restoreBytes} from './arguments/command-words.ts';
import {EnvironmentError} from './arguments/environment-error.ts';
import {type Command, parseArguments} from './arguments/options.ts';
import {findUnknownVariables} from './arguments/read-variables.ts';
import {describeUnknownVariable} from './arguments/unknown-variable.ts';
import {UsageError} from './arguments/usage-error.ts';
import {exitCodes} from './commands/exit-codes.ts';
import {runCommand} from './commands/run-command.ts';
import {findConfigPlaces} from './config-file/config-places.ts';
import {readConfigs} from './config-file/read-configs.ts';
import {createOutputStream} from './outputs/output-stream.ts';
import {statStreamFile} from './outputs/standard-streams.ts';
import {exitProcess, exitProcessNow} from './process/exit.ts';
import {isTakenCareOf} from './process/fault-handling.ts';
import {homeFolder} from './process/home-folder.ts';
import {limitHeapsOfService} from './process/limit-young-generation.ts';
import {endOnOtherSignals} from './process/other-signals.ts';
import {workingFolder} from './process/working-folder.ts';

/** Runs the command line of this process and ends the process. */
export async function main(): Promise<void> {
	for (const event of ['uncaughtException', 'unhandledRejection'] as const)
		process.on(event, (error: unknown) => {
			if (!isTakenCareOf(error)) failAsBug(error);
		});
	endOnOtherSignals();
	// A closed standard error is not a reason to fail.
	process.stderr.on('error', () => {});
	let exitCode: number;
	try {
		exitCode = await perform(readCommandLine());
	} catch (error) {
		if (error instanceof UsageError || error instanceof EnvironmentError) {
			restoreTerminal();
			writeMessage(`fileproc-tui: ${safeLines(error.message)}\n`, error);
			exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.environment;
		} else {
			failAsBug(error);
			return;
		}
	}
	// A keyboard or a waiting thread must not keep a finished program running.
	exitProcess(exitCode);
}

/** If standard error is a data file, the message goes to standard output, unless that is a file too. */
function writeMessage(text: string, error: UsageError | EnvironmentError): void {
	const isStandardErrorData = error instanceof UsageError && error.isStandardErrorData;
	if (!isStandardErrorData) process.stderr.write(text);
	else if (statStreamFile(1) === null) process.stdout.write(text);
}

function readCommandLine(): Command {
	const {env} = process;
	const packageJson = {name: 'fileproc-tui', version};
	const readConfigsFor = (paths: readonly string[]) =>
		readConfigs(findConfigPlaces(paths, {cwd: workingFolder(), home: homeFolder(), env}));
	let isConfig = false;
	try {
		const command = parseArguments(restoreBytes(process.argv.slice(2)), {
			env,
			packageJson,
			readConfigs: readConfigsFor,
		});
		isConfig = command.name === 'config';
		return command;
	} finally {
		// A misspelled variable would otherwise be ignored silently. `config` prints these below its table.
		const unknown = isConfig ? [] : findUnknownVariables(env);
		for (const name of unknown) process.stderr.write(`fileproc-tui: ${describeUnknownVariable(name)}\n`);
	}
}

/** Each command loads its modules on demand, because the start is part of every run. */
async function perform(command: Command): Promise<number> {
	switch (command.name) {
		case 'run':
			if (command.sharing?.isDetached !== true) return runCommand(command);
			return (await import('./detached/start-detached.ts')).startDetached(command, process.argv.slice(2));
		case 'generate':
			return (await import('./commands/generate-command.ts')).generateCommand(command.directory, command.options);
		case 'init':
			return (await import('./commands/init-command.ts')).initCommand(command);
		case 'sniff':
			return (await import('./commands/sniff-command.ts')).sniffCommand(command);
		case 'convert':
			return (await import('./commands/convert-command.ts')).convertCommand(command);
		case 'routes':
			return (await import('./commands/routes-command.ts')).routesCommand(command);
		case 'history':
			return (await import('./commands/history-command.ts')).historyCommand(command);
		case 'verify':
			return (await import('./commands/verify-command.ts')).verifyCommand(command);
		case 'doctor':
			return (await import('./commands/doctor-command.ts')).doctorCommand(command);
		case 'status':
			return (await import('./commands/status-command.ts')).statusCommand(command);
		case 'clean':
			return (await import('./commands/clean-command.ts')).cleanCommand(command);
		case 'retry-failed':
			return (await import('./commands/retry-failed-command.ts')).retryFailedCommand(command);
		case 'watch':
			await limitHeapsOfService({answers: false});
			return (await import('./commands/watch-command.ts')).watchCommand(command);
		case 'attach':
			return (await import('./commands/attach-command.ts')).attachCommand(command);
		case 'serve':
		case 'ssh':
			await limitHeapsOfService({answers: true});
			return (await import('./commands/serve-command.ts')).serveCommand(command);
		case 'worker':
			await limitHeapsOfService({answers: false});
			return (await import('./commands/worker-command.ts')).workerCommand(command);
		case 'backup':
			return (await import('./commands/backup-command.ts')).backupCommand(command);
		case 'restore':
			return (await import('./commands/backup-command.ts')).restoreCommand(command);
		case 'users':
			return (await import('./commands/users-command.ts')).usersCommand(command);
		case 'token':
			return (await import('./commands/token-command.ts')).tokenCommand(command);
		case 'audit':
			return (await import('./commands/audit-command.ts')).auditCommand(command);
		case 'push':
			return (await import('./commands/push-command.ts')).pushCommand(command);
		case 'start':
			return (await import('./commands/start-command.ts')).startCommand(command);
		case 'get':
			return (await import('./commands/get-command.ts')).getCommand(command);
		case 'events':
			return (await import('./commands/events-command.ts')).eventsCommand(command);
		case 'cancel':
		case 'retry':
		case 'pause':
		case 'resume':
			return (await import('./commands/tasks-command.ts')).tasksCommand(command);
		case 'files':
			return (await import('./commands/server-lists-command.ts')).filesCommand(command);
		case 'server-history':
			return (await import('./commands/server-lists-command.ts')).serverHistoryCommand(command);
		case 'login':
			return (await import('./commands/login-command.ts')).loginCommand(command);
		case 'logout':
			return (await import('./commands/login-command.ts')).logoutCommand(command);
		case 'replay':
			return (await import('./commands/replay-command.ts')).replayCommand(command);
		case 'config':
			return print(`${(await import('./commands/config.ts')).configLines(command).join('\n')}\n`);
		case 'schema':
			return print((await import('./config-file/config-schema.ts')).configSchema());
		case 'man':
			return print((await import('./commands/manual-page.ts')).manualPage(version));
		case 'completions':
			return print((await import('./commands/completions.ts')).completionScript(command.shell));
		case 'help':
			return print(
				(await import('./commands/help.ts')).helpText(command.topic, Math.min(process.stdout.columns || 80, 100)),
			);
		case 'version':
			return print(`${version}\n`);
	}
}

async function print(text: string): Promise<number> {
	const output = createOutputStream(process.stdout);
	await output.write(text);
	await output.flush();
	return exitCodes.ok;
}

function failAsBug(error: unknown): never {
	restoreTerminal();
	const description = error instanceof Error ? (error.stack ?? error.message) : String(error);
	process.stderr.write(`fileproc-tui ${version} failed, which is a bug:\n${safeLines(description)}\n`);
	exitProcessNow(exitCodes.bug);
}

const safeLines = (text: string): string => text.split('\n').map(safe).join('\n');
