// What lies between a client and a server, and can break: connections are cut, nothing is passed on any more, nothing listens.
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

export class CuttingProxy {
	readonly #target: URL;
	#server: Server | null = null;
	#port = 0;
	readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
	#isStalled = false;
	/** Bytes that clients may still send until their connections are cut; `null`: as many as they like. */
	#cutsAfter: number | null = null;
	/** How many connections have come. */
	connectionCount = 0;
	/** How many bytes clients have sent. */
	byteCount = 0;

	private constructor(target: URL) {
		this.#target = target;
	}

	static async start(url: string): Promise<CuttingProxy> {
		const proxy = new CuttingProxy(new URL(url));
		await proxy.listen();
		onTestFinished(() => proxy.close());
		return proxy;
	}

	get url(): string {
		return `${this.#target.protocol}//127.0.0.1:${this.#port}`;
	}

	/** At the same port as before. */
	async listen(): Promise<void> {
		const server = createServer({allowHalfOpen: true}, client => this.#join(client));
		server.listen(this.#port, '127.0.0.1');
		await once(server, 'listening');
		this.#port = (server.address() as AddressInfo).port;
		this.#server = server;
	}

	/** Ends all connections at once, as a network does that breaks. */
	cut(): void {
		for (const [client, server] of this.#pairs) {
			client.resetAndDestroy();
			server.destroy();
		}
		this.#pairs.clear();
	}

	/** All connections, once clients have sent so many bytes more. */
	cutAfter(byteCount: number): void {
		this.#cutsAfter = byteCount;
	}

	/** Nothing comes from the server any more, and nobody is told. */
	stall(): void {
		this.#isStalled = true;
		for (const [, server] of this.#pairs) server.pause();
	}

	/** Of connections that come from now on. */
	unstall(): void {
		this.#isStalled = false;
	}

	/** Nothing listens any more, and all is cut. */
	async close(): Promise<void> {
		this.cut();
		const server = this.#server;
		this.#server = null;
		if (server === null) return;
		server.close();
		await once(server, 'close');
	}

	#join(client: Socket): void {
		this.connectionCount++;
		const server = connect({port: Number(this.#target.port), host: this.#target.hostname, allowHalfOpen: true});
		const pair = [client, server] as const;
		this.#pairs.add(pair);
		for (const [one, other] of [pair, [server, client] as const]) {
			one.on('error', () => other.destroy());
			one.on('close', () => {
				other.destroy();
				this.#pairs.delete(pair);
			});
		}
		client.on('data', bytes => {
			this.byteCount += bytes.length;
			if (this.#cutsAfter === null) return;
			this.#cutsAfter -= bytes.length;
			if (this.#cutsAfter > 0) return;
			this.#cutsAfter = null;
			// What has come is passed on, and its answer is lost.
			setImmediate(() => this.cut());
		});
		client.pipe(server);
		server.pipe(client);
		if (this.#isStalled) server.pause();
	}
}
