"""Whether the parts of a rendered cluster fit together: what no schema can tell. Reads YAML documents from a file."""

import sys

import yaml


def wrongs(objects):
    def of(kind):
        return [o for o in objects if o["kind"] == kind]

    def names(kind):
        return {o["metadata"]["name"] for o in of(kind)}

    (deployment,) = of("Deployment")
    pod = deployment["spec"]["template"]
    labels = pod["metadata"]["labels"]
    (container,) = pod["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}

    def picks(selector, where):
        if not selector or any(labels.get(key) != value for key, value in selector.items()):
            yield f"{where} does not pick the pods: {selector}"

    namespace = of("Namespace")[0]["metadata"]["name"]
    for o in objects:
        if o["kind"] != "Namespace" and o["metadata"].get("namespace") != namespace:
            yield f"{o['kind']} {o['metadata']['name']} is in no namespace of ours"
    yield from picks(deployment["spec"]["selector"]["matchLabels"], "Deployment")
    for spread in pod["spec"]["topologySpreadConstraints"]:
        yield from picks(spread["labelSelector"]["matchLabels"], "topologySpreadConstraints")
    for budget in of("PodDisruptionBudget"):
        yield from picks(budget["spec"]["selector"].get("matchLabels"), "PodDisruptionBudget")
    for service in of("Service"):
        yield from picks(service["spec"].get("selector"), "Service")
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in ports:
                yield f"Service: the pods have no port {port['targetPort']}"
    for policy in of("NetworkPolicy"):
        yield from picks(policy["spec"]["podSelector"].get("matchLabels"), "NetworkPolicy")
        for rule in policy["spec"]["ingress"]:
            for port in rule["ports"]:
                if port["port"] not in ports:
                    yield f"NetworkPolicy: the pods have no port {port['port']}"
        asked = [(to["podSelector"]["matchLabels"], port["port"]) for rule in policy["spec"]["egress"] for to in rule.get("to", []) for port in rule["ports"] if "podSelector" in to]
        if ({"k8s-app": "kube-dns"}, 53) not in asked:
            yield f"NetworkPolicy: nobody may be asked for names: {asked}"
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        if container[probe]["httpGet"]["port"] not in ports:
            yield f"{probe}: no such port"

    maps, secrets = names("ConfigMap"), names("Secret")
    for source in container["envFrom"]:
        if source["configMapRef"]["name"] not in maps:
            yield f"envFrom: there is no ConfigMap {source['configMapRef']['name']}"
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    for volume in volumes.values():
        if "configMap" in volume and volume["configMap"]["name"] not in maps:
            yield f"volumes: there is no ConfigMap {volume['configMap']['name']}"
        if "secret" in volume and volume["secret"]["secretName"] not in secrets:
            yield f"volumes: there is no Secret {volume['secret']['secretName']}"
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    if set(mounts) != set(volumes):
        yield f"volumes and mounts differ: {sorted(mounts)}, {sorted(volumes)}"
    config = container["args"][container["args"].index("--config") + 1]
    kept = [f"{mounts[name]}/{key}" for name, volume in volumes.items() if "secret" in volume
            for o in of("Secret") if o["metadata"]["name"] == volume["secret"]["secretName"] for key in o["data"]]
    if config not in kept:
        yield f"--config {config} is in no Secret: {kept}"
    if pod["spec"]["serviceAccountName"] not in names("ServiceAccount"):
        yield "there is no such ServiceAccount"
    for scaler in of("HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] != deployment["metadata"]["name"]:
            yield "HorizontalPodAutoscaler: no such Deployment"
        if "replicas" in deployment["spec"]:
            yield "Deployment and HorizontalPodAutoscaler both say how many: an apply is refused while there are more"
        if scaler["spec"]["minReplicas"] < 3:
            yield "HorizontalPodAutoscaler: fewer than three"
    for ingress in of("Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                found = [o for o in of("Service") if o["metadata"]["name"] == service["name"]]
                if not any(service["port"]["name"] == port["name"] for o in found for port in o["spec"]["ports"]):
                    yield f"Ingress {path['path']}: no such Service or port"

    # What the namespace enforces ("restricted"), and what the image needs.
    together = {**pod["spec"]["securityContext"], **container["securityContext"]}
    wanted = {"runAsNonRoot": True, "runAsUser": 65532, "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
              "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}
    for key, value in wanted.items():
        if together.get(key) != value:
            yield f"securityContext: {key} is {together.get(key)}, not {value}"


found = list(wrongs([o for o in yaml.safe_load_all(open(sys.argv[1], encoding="utf-8")) if o]))
print("\n".join(found) or "the parts fit together")
sys.exit(bool(found))
