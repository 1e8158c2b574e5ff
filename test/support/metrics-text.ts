/** A metric on the page, as Prometheus' text format 0.0.4 has it. */
export interface WrittenMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly WrittenSample[];
}

export interface WrittenSample {
  /** With the suffix of a histogram's lines. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type LabelValues = Readonly<Record<string, string>>;

/** The page that Prometheus reads, taken apart. It throws for a line that is not of the format. */
export class MetricsText {
  readonly metrics: ReadonlyMap<string, WrittenMetric>;

  constructor(readonly text: string) {
    const blocks = text.trimEnd().split(/\n+(?=# HELP )/);
    this.metrics = new Map(blocks.map(metricOf).map((metric) => [metric.name, metric]));
  }

  metric(name: string): WrittenMetric {
    const metric = this.metrics.get(name);
    if (!metric) throw new Error(`There is no metric ${name}.`);
    return metric;
  }

  /** The one sample with this name and at least these labels; undefined for none. */
  value(name: string, labels: LabelValues = {}): number | undefined {
    const found = this.samples(name, labels);
    if (found.length > 1) throw new Error(`${name} has ${found.length} samples with these labels.`);
    return found[0]?.value;
  }

  /** The sum of the samples with this name and at least these labels. */
  sum(name: string, labels: LabelValues = {}): number {
    return this.samples(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  samples(name: string, labels: LabelValues = {}): WrittenSample[] {
    const all = [...this.metrics.values()].flatMap((metric) => metric.samples);
    const wanted = Object.entries(labels);
    return all.filter((sample) => {
      return sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value);
    });
  }

  /** Every series with its value, of the metrics that may only rise. */
  get rising(): ReadonlyMap<string, number> {
    const metrics = [...this.metrics.values()].filter(({ type }) => type !== 'gauge');
    return new Map(
      metrics.flatMap(({ samples }) => samples.map((sample) => [seriesOf(sample), sample.value])),
    );
  }

  /** How many series the page has. */
  get size(): number {
    return [...this.metrics.values()].reduce((sum, { samples }) => sum + samples.length, 0);
  }
}

function metricOf(block: string): WrittenMetric {
  const [help, type, ...lines] = block.split('\n');
  const [, name, words] = /^# HELP (\S+) (.+)$/.exec(help) ?? refuse(help);
  const [, typed, kind] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(type) ?? refuse(type);
  if (typed !== name) refuse(type);
  return { name, help: words, type: kind, samples: lines.map(sampleOf) };
}

function sampleOf(line: string): WrittenSample {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? refuse(line);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text]);
  return { name, labels: Object.fromEntries(pairs) as LabelValues, value: Number(value) };
}

function seriesOf({ name, labels }: WrittenSample): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}

function refuse(line: string): never {
  throw new Error(`Not a line of the text format: ${line}`);
}
