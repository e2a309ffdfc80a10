using ECommerce.ServiceDefaults;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace ECommerce.Api.Tests.Operations;

/// <summary>
/// The manifests of ops/kubernetes, read strictly by the types that are generated from Kubernetes' OpenAPI document,
/// and whether they fit together.
/// </summary>
public sealed class KubernetesTests
{
    private const string Api = "ecommerce-api";
    private const string Migrate = "ecommerce-migrate";
    private const string Mount = "/run/secrets/ecommerce";

    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "ops", "kubernetes");

    private static readonly IKubernetesObject<V1ObjectMeta>[] Manifests =
    [
        .. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true))
            .Cast<IKubernetesObject<V1ObjectMeta>>(),
    ];

    private static V1PodTemplateSpec ApiPod => One<V1Deployment>(Api).Spec.Template;

    private static V1PodTemplateSpec MigratePod => One<V1Job>(Migrate).Spec.Template;

    [Fact]
    public void Every_kind_is_there_once_by_its_name() => Assert.Equal(
        [
            "ConfigMap ecommerce-api", "Deployment ecommerce-api", "HorizontalPodAutoscaler ecommerce-api",
            "Ingress ecommerce-api", "Job ecommerce-migrate", "NetworkPolicy ecommerce-api",
            "NetworkPolicy ecommerce-migrate", "PodDisruptionBudget ecommerce-api", "Service ecommerce-api",
        ],
        Manifests.Select(one => $"{one.Kind} {one.Metadata.Name}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("readinessProbe:", "readynessProbe:")]
    [InlineData("containerPort: 8080", "containerPort: eight")]
    [InlineData("memory: 512Mi", "memory: 512Mo")]
    [InlineData("kind: Deployment", "kind: Deploiement")]
    [InlineData("    - { name: http, port: 80, targetPort: http }", "    name: http")]
    public void Manifest_with_a_fault_is_refused(string right, string wrong)
    {
        var text = File.ReadAllText(Path.Combine(Folder, "api.yaml"));
        Assert.Contains(right, text, StringComparison.Ordinal);

        var failure = Record.Exception(
            () => KubernetesYaml.LoadAllFromString(text.Replace(right, wrong), strict: true));

        Assert.True(failure is YamlException or KeyNotFoundException, failure?.ToString());
    }

    [Fact]
    public void Selectors_find_the_pods_they_are_for()
    {
        Selects(One<V1Deployment>(Api).Spec.Selector, ApiPod);
        Selects(One<V1PodDisruptionBudget>(Api).Spec.Selector, ApiPod);
        Selects(One<V1NetworkPolicy>(Api).Spec.PodSelector, ApiPod);
        Selects(One<V1NetworkPolicy>(Migrate).Spec.PodSelector, MigratePod);
        Selects(new V1LabelSelector { MatchLabels = One<V1Service>(Api).Spec.Selector }, ApiPod);
        Selects(ApiPod.Spec.TopologySpreadConstraints.Single().LabelSelector, ApiPod);
    }

    [Fact]
    public void Ports_and_names_meet()
    {
        var port = Assert.Single(ApiPod.Spec.Containers.Single().Ports);
        var service = Assert.Single(One<V1Service>(Api).Spec.Ports);
        var paths = One<V1Ingress>(Api).Spec.Rules.Single().Http.Paths;
        var scaler = One<V2HorizontalPodAutoscaler>(Api).Spec;

        Assert.Equal(port.Name, service.TargetPort.Value);
        Assert.All(paths, path => Assert.Equal(
            (Api, service.Name), (path.Backend.Service.Name, path.Backend.Service.Port.Name)));
        Assert.DoesNotContain(paths, path => "/metrics".StartsWith(path.Path, StringComparison.Ordinal)
            || "/health".StartsWith(path.Path, StringComparison.Ordinal));
        Assert.All(
            One<V1NetworkPolicy>(Api).Spec.Ingress.Single().Ports,
            allowed => Assert.Equal($"{port.ContainerPort}", allowed.Port.Value));
        Assert.Equal(("Deployment", Api), (scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name));
        Assert.Equal($"{scaler.MaxReplicas}", One<V1ConfigMap>(Api).Data["REPLICAS"]);
        Assert.Null(One<V1Deployment>(Api).Spec.Replicas);
    }

    [Fact]
    public void Probes_ask_ready_and_alive()
    {
        var container = ApiPod.Spec.Containers.Single();

        Assert.Equal(
            ("/ready", "/alive", "/alive"),
            (container.ReadinessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path,
                container.StartupProbe.HttpGet.Path));
        foreach (var probe in new[] { container.ReadinessProbe, container.LivenessProbe, container.StartupProbe })
            Assert.Equal(container.Ports.Single().Name, probe.HttpGet.Port.Value);
    }

    [Fact]
    public void Every_pod_runs_as_another_user_than_root_on_a_read_only_root()
    {
        foreach (var pod in new[] { ApiPod.Spec, MigratePod.Spec })
        {
            var container = pod.Containers.Single();
            Assert.Equal((true, 1654L), (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsUser));
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.Equal(
                (true, false), (container.SecurityContext.ReadOnlyRootFilesystem,
                    container.SecurityContext.AllowPrivilegeEscalation));
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains("memory", container.Resources.Limits.Keys);
            // Octal in the manifest: owner and group read.
            Assert.Equal(Convert.ToInt32("440", 8), pod.Volumes.Single().Secret.DefaultMode);
        }
    }

    [Fact]
    public void Every_secret_is_a_file_that_is_mounted_and_the_api_has_not_the_one_of_migrations()
    {
        var common = One<V1ConfigMap>(Api).Data.Where(pair => pair.Key.EndsWith("_FILE", StringComparison.Ordinal))
            .Select(pair => (pair.Key, pair.Value)).ToArray();
        foreach (var pod in new[] { ApiPod.Spec, MigratePod.Spec })
        {
            var container = pod.Containers.Single();
            Assert.Equal(Api, container.EnvFrom.Single().ConfigMapRef.Name);
            Assert.Equal(Mount, container.VolumeMounts.Single().MountPath);
            var files = container.Env.Where(variable => variable.Name.EndsWith("_FILE", StringComparison.Ordinal))
                .Select(variable => (Key: variable.Name, variable.Value)).Concat(common).ToArray();
            Assert.Equal(6, files.Length);
            Assert.All(files, file => Assert.Contains(
                file.Key[..^"_FILE".Length].Replace("__", ":", StringComparison.Ordinal), SecretFiles.Names));
            // Without a list all are mounted.
            Assert.Equal(
                pod.Volumes.Single().Secret.Items?.Select(item => $"{Mount}/{item.Path}").Order()
                    ?? files.Select(file => file.Value).Order(),
                files.Select(file => file.Value).Order());
        }
        Assert.DoesNotContain(
            ApiPod.Spec.Volumes.Single().Secret.Items,
            item => item.Key.Contains("migrations", StringComparison.Ordinal));
    }

    private static T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Manifests.OfType<T>().Single(one => one.Metadata.Name == name);

    private static void Selects(V1LabelSelector selector, V1PodTemplateSpec pod)
    {
        Assert.NotEmpty(selector.MatchLabels);
        Assert.All(selector.MatchLabels, label => Assert.Equal(label.Value, pod.Metadata.Labels[label.Key]));
    }
}
