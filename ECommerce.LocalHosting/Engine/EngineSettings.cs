namespace Aspire.Hosting.Engine;

internal sealed record EngineSettings(bool IsTesting, bool RandomizePorts, bool MayInstall, bool DashboardEnabled, bool LogResources);
