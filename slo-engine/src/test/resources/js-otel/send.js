'use strict';
// node send.js json|proto|grpc BASE-URL: sends one of everything, exits 0 once all is acknowledged.
const [protocol, base] = process.argv.slice(2);
const suffix = { json: 'http', proto: 'proto', grpc: 'grpc' }[protocol];
const { resourceFromAttributes } = require('@opentelemetry/resources');
const metrics = require('@opentelemetry/sdk-metrics');
const traces = require('@opentelemetry/sdk-trace-base');
const logs = require('@opentelemetry/sdk-logs');
const { OTLPMetricExporter } = require(`@opentelemetry/exporter-metrics-otlp-${suffix}`);
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${suffix}`);
const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${suffix}`);

const resource = resourceFromAttributes({ 'service.name': `js-${protocol}` });
const options = (signal) => ({
  url: protocol === 'grpc' ? base : `${base}/v1/${signal}`,
  compression: 'gzip',
});

async function main() {
  const meterProvider = new metrics.MeterProvider({
    resource,
    readers: [
      new metrics.PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(options('metrics')),
        exportIntervalMillis: 3600000,
      }),
    ],
    views: [
      {
        instrumentName: 'tidemark.queue.age',
        aggregation: { type: metrics.AggregationType.EXPONENTIAL_HISTOGRAM },
      },
    ],
  });
  const meter = meterProvider.getMeter('test');
  meter.createCounter('tidemark.records').add(41, { dataset: 'orders', outcome: 'observed' });
  meter.createUpDownCounter('in.flight').add(-2);
  meter.createGauge('tidemark.watermark', { unit: 's' }).record(1772366000, { dataset: 'orders' });
  meter.createHistogram('tidemark.processing.lag', { unit: 's' }).record(7);
  const age = meter.createHistogram('tidemark.queue.age', { unit: 's' });
  age.record(3);
  age.record(0);
  await meterProvider.forceFlush();
  await meterProvider.shutdown();

  const tracerProvider = new traces.BasicTracerProvider({
    resource,
    spanProcessors: [new traces.BatchSpanProcessor(new OTLPTraceExporter(options('traces')))],
  });
  const span = tracerProvider.getTracer('test').startSpan('load', { attributes: { 'run.id': 'r7' } });
  span.setStatus({ code: 2, message: 'bad row' });
  span.end();
  await tracerProvider.forceFlush();
  await tracerProvider.shutdown();

  const loggerProvider = new logs.LoggerProvider({
    resource,
    processors: [new logs.BatchLogRecordProcessor(new OTLPLogExporter(options('logs')))],
  });
  loggerProvider.getLogger('test').emit({ severityNumber: 17, severityText: 'ERROR', body: 'bad row' });
  await loggerProvider.forceFlush();
  await loggerProvider.shutdown();
  console.log(`sent ${span.spanContext().traceId}`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
