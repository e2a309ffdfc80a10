using ECommerce.Api.Tests.Hosting;

namespace ECommerce.Api.Tests.Operations;

/// <summary>
/// The manifests of ops/kubernetes have what Kubernetes' OpenAPI document requires; what it does not know is found by
/// <see cref="KubernetesTests"/>.
/// </summary>
public sealed class ManifestSchemaTests
{
    private const string Reason = "Kubernetes' types for Python are installed by .ci/run full.";

    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "ops", "kubernetes");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    public async Task Every_manifest_has_the_fields_that_its_kind_requires()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.yaml"))
            (await CheckAsync(await File.ReadAllTextAsync(file, Ct))).Succeeded();
    }

    [Theory(Skip = Reason, SkipType = typeof(ContainerSystem), SkipUnless = nameof(ContainerSystem.IsFullRun))]
    [InlineData("api.yaml", "containerPort: 8080", "hostPort: 8080", "container_port")]
    [InlineData("api.yaml", "            backend: {", "            #", "backend")]
    [InlineData("scaling.yaml", "  maxReplicas: 6", "", "max_replicas")]
    [InlineData("network.yaml", "  podSelector:\n", "  labels:\n", "pod_selector")]
    public async Task Manifest_without_a_required_field_is_refused(
        string file, string right, string wrong, string field)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file), Ct);
        Assert.Contains(right, text, StringComparison.Ordinal);

        var check = await CheckAsync(text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(field, check.Output, StringComparison.Ordinal);
    }

    // The system's own interpreter: it has Debian's packages.
    private static Task<Tool> CheckAsync(string manifests) => Tool.RunAsync(
        "/usr/bin/python3", [Path.Combine(RepositoryRoot.Path, "eng", "check-manifests.py")], manifests);
}
