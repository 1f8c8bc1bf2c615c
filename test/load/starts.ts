// How long a server takes until it listens.
import {summarize} from './latencies.ts';
import {makeDataFolder, ServedProcess} from './served-process.ts';

export async function measureStarts(count: number, print: (line: string) => void): Promise<void> {
	const {dataFolder} = makeDataFolder(1);
	const [wall, cpu]: [number[], number[]] = [[], []];
	for (let start = 0; start < count; start++) {
		const server = await ServedProcess.start(dataFolder);
		wall.push(server.startMs);
		cpu.push(server.usage().cpuMs);
		await server.stop();
	}
	const shown = (values: readonly number[]): string =>
		`median ${summarize(values).p50.toFixed(0)}, least ${Math.min(...values).toFixed(0)} ms`;
	print(`${count} starts: ${shown(wall)} until it listens; CPU ${shown(cpu)}`);
}
