import { onServer } from '../support/database.js';
import { beat, repeating, restoreHeartbeats, stopHeartbeats } from '../support/heartbeats.js';
import type { ListeningWire } from '../support/listening-wire.js';
import { type ListeningNode, ListeningNodes } from './listening-node.js';

/** How long a heartbeat that came back counts, from when it was sent, in milliseconds. */
const boundMs = 5_000;

// All connections to the embedded database share one session, and it has no such feed.
(onServer ? describe : describe.skip)('changes of other nodes', () => {
  let nodes: ListeningNodes;
  let wire: ListeningWire;

  beforeAll(async () => {
    nodes = await ListeningNodes.open();
    ({ wire } = nodes);
  });
  beforeEach(() => stopHeartbeats());
  afterEach(async () => {
    wire.restore();
    await nodes.stop();
    restoreHeartbeats();
  });
  afterAll(() => nodes.close());

  it('are received once the node’s own heartbeat has come back, and everything before counts as changed', async () => {
    const node = nodes.start();
    expect(node.isCurrent).toBe(false);
    await node.tells({ connected: true });
    expect(node.isCurrent).toBe(true);
    expect(node.told).toEqual(['everything', { connected: true }]);
  });

  it('are announced as they were notified', async () => {
    const node = await nodes.started();
    const changes = [
      { realm: '/ἄλφα' },
      { client: { realm: '/', name: 'élan "\\\n\u0001' } },
      { resourceOwner: { realm: '/alpha', name: '__proto__' } },
    ];
    for (const change of changes) await nodes.bystander.notify(JSON.stringify(change));
    await nodes.inStep(node);
    expect(node.told.slice(0, -1)).toEqual(changes);
  });

  it('are published by any store: every node is told, the one that made the change before the promise resolves', async () => {
    const [maker, other] = [await nodes.started(), await nodes.started()];
    const change = { accessTokens: [Buffer.alloc(32, 7)] };
    await maker.feed.publish(change);
    expect(maker.told).toContainEqual(change);
    await other.tells(change);
  });

  it('count as received for 5 s from when the last heartbeat that came back was sent', async () => {
    const node = await nodes.started();
    node.clock.advance(1_000);
    const sentAt = node.clock.elapsed();
    beat();
    node.clock.advance(700); // The heartbeat comes back later than it was sent.
    await nodes.bystander.seesHeartbeat(sentAt);
    await nodes.inStep(node);
    expect(node.feed.isCurrent(sentAt + boundMs - 1)).toBe(true);
    expect(node.feed.isCurrent(sentAt + boundMs)).toBe(false);
    expect(node.told).not.toContain('everything');
    expect(node.delays).toEqual([0, 700]);
  });

  it('go on to be received while every connection of the pool is in use, and nobody gets one', async () => {
    const node = await nodes.started();
    await nodes.withoutPool(async () => {
      for (let round = 0; round < 5; round += 1) {
        node.clock.advance(2_000);
        beat();
        await nodes.bystander.seesHeartbeat(node.clock.elapsed());
        await nodes.inStep(node);
        expect(node.isCurrent).toBe(true);
      }
    });
    expect(node.told.filter((told) => typeof told === 'string' || 'connected' in told)).toEqual([]);
  });

  it('are not received once the connection is cut, until a heartbeat has come back over another', async () => {
    const node = await nodes.started();
    wire.cut();
    await node.tells({ connected: false });
    expect(node.isCurrent).toBe(false);
    await node.tells({ connected: true });
    expect(node.isCurrent).toBe(true);
    expect(node.told).toEqual([{ connected: false }, 'everything', { connected: true }]);
  });

  it('count as received for 5 s at most over a connection that is dead and does not know it', async () => {
    const node = await nodes.started();
    wire.freeze();
    const listens = wire.listens;
    const sentAt = node.clock.elapsed();
    node.clock.advance(boundMs - 1);
    beat();
    expect(node.isCurrent).toBe(true);
    expect(node.feed.isCurrent(sentAt + boundMs)).toBe(false);

    for (let second = 5; second <= 20; second += 1) {
      node.clock.advance(1_000);
      beat();
      expect(node.isCurrent).toBe(false);
    }
    expect(node.told).toEqual([{ connected: false }]);

    await wire.listened(listens + 1);
    wire.restore();
    node.clock.advance(boundMs);
    beat();
    await node.tells({ connected: true });
    expect(node.isCurrent).toBe(true);
    expect(node.told).toEqual([{ connected: false }, 'everything', { connected: true }]);
  });

  it('do not count as received when the heartbeat comes back too late', async () => {
    const node = await nodes.started();
    beat();
    node.clock.advance(boundMs);
    await nodes.bystander.seesHeartbeat(node.clock.elapsed() - boundMs);
    await nodes.inStep(node);
    expect(node.isCurrent).toBe(false);
  });

  it('do not count as received by a process that stood still, until its next heartbeat is back', async () => {
    const node = await nodes.started();
    const { listens } = wire;
    node.clock.advance(6_000);
    expect(node.isCurrent).toBe(false);
    beat();
    expect(node.isCurrent).toBe(false);
    await node.tells({ connected: true });
    expect(node.isCurrent).toBe(true);
    expect(node.told).toEqual([{ connected: false }, 'everything', { connected: true }]);
    expect(wire.listens).toBe(listens);
  });

  it('are not proved to be received by another node’s heartbeat', async () => {
    const node = await nodes.started();
    const other = nodes.start();
    await other.tells({ connected: true });
    await nodes.inStep(node);
    expect(node.feed.isCurrent(node.clock.elapsed() + boundMs)).toBe(false);
  });

  it('are never received through a pooler that swallows LISTEN', async () => {
    wire.swallow();
    const { listens } = wire;
    const node = nodes.start();
    await wire.listened(listens + 1);
    for (let round = 0; round < 2; round += 1) {
      await nodes.bystander.seesHeartbeat(node.clock.elapsed());
      expect(node.isCurrent).toBe(false);
      node.clock.advance(boundMs);
      beat();
    }
    expect(node.told).toEqual([{ connected: false }]);
    wire.restore();
    node.clock.advance(boundMs);
    beat();
    await node.tells({ connected: true });
  });

  describe('are no longer listened to once the node stops', () => {
    const states: Readonly<Record<string, () => Promise<ListeningNode>>> = {
      'while they are received': () => nodes.started(),
      'over a connection that is dead and does not know it': async () => {
        const node = await nodes.started();
        wire.freeze();
        return node;
      },
      'while LISTEN has not been answered': async () => {
        wire.freeze();
        const { listens } = wire;
        const node = nodes.start();
        await wire.listened(listens + 1);
        return node;
      },
      'between two connections': async () => {
        const node = await nodes.started();
        wire.cut();
        await node.tells({ connected: false });
        return node;
      },
      'while the node is about to connect': async () => nodes.start(),
    };

    it.each(Object.entries(states))('%s', async (_, reach) => {
      const node = await reach();
      await node.feed.stop();
      await wire.unused();
      expect(node.isCurrent).toBe(false);
      expect(repeating()).toBe(0);
    });
  });
});
