# The path stays, the check behind it loses the dependency; readiness takes it over.
kubectl -n shop set env deployment/payments HEALTHZ_CHECKS=self READYZ_CHECKS=self,dep
kubectl -n shop rollout status deployment payments --timeout=120s
