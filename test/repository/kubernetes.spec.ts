import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { settings } from '../../src/config/settings.js';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly image: string;
  readonly env: { readonly name: string; readonly value: string }[];
  readonly ports: { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly securityContext: object;
  readonly volumeMounts: { readonly name: string; readonly mountPath: string }[];
}

interface Resource {
  readonly kind: string;
  readonly spec: {
    readonly selector: Record<string, unknown>;
    readonly ports?: { readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly containers: [Container];
        readonly volumes: { readonly name: string }[];
        readonly terminationGracePeriodSeconds: number;
      };
    };
  };
}

describe('the manifest of docs/kubernetes.md', () => {
  const [, yaml] = /^```yaml\n(.*?)^```$/ms.exec(read('docs/kubernetes.md')) ?? ['', ''];
  const documents = parseAllDocuments(yaml);
  const [deployment, ...services] = documents.map((document) => document.toJS() as Resource);
  const pod = deployment.spec.template;
  const [container] = pod.spec.containers;

  it('is YAML of a deployment and two services that select it', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect([deployment, ...services].map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'Service']);
    expect(deployment.spec.selector.matchLabels).toEqual(pod.metadata.labels);
    for (const { spec } of services) expect(spec.selector).toEqual(pod.metadata.labels);
  });

  it('names settings alone, and no secret', () => {
    const known = settings.map(({ name }): string => name);
    const names = container.env.map(({ name }) => name);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(names.filter((name) => /PASSWORD|SECRET|KEY$/.test(name))).toEqual([]);
    const { value } = container.env.find(({ name }) => name === 'DATABASE_URL') ?? {};
    expect(value).toMatch(/^postgres:\/\/\w+@/);
  });

  it('has the ports of the image, and its services lead to them', () => {
    const exposed = /^EXPOSE (.*)$/m.exec(read('Dockerfile'))?.[1].split(' ').map(Number);
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual(exposed);
    const ports = container.ports.map(({ name }) => name);
    expect(services.flatMap(({ spec }) => spec.ports?.map(({ targetPort }) => targetPort))).toEqual(ports);
  });

  it('asks whether it is ready, and restarts only a process that is dead', () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const asked = [startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet);
    expect(asked).toEqual(['/readyz', '/readyz', '/healthz'].map((path) => ({ path, port: 'http' })));
  });

  it('locks it down, and mounts what it declares', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.spec.volumes.map(({ name }) => name));
    const file = container.env.find(({ name }) => name === 'CONFIG_FILE')?.value ?? '';
    expect(container.volumeMounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`))).toBe(true);
  });

  it('waits longer for a stop than that takes', () => {
    // 5 s before the signal, and 10 s behind it at most.
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(15);
  });
});
