"""The two notification services, wired."""

from xuke.licensing.v1 import notification_pb2, notification_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import Registration
from services.licensing.applicant_gate import admit
from services.licensing.server_notifications import (
    NOTIFICATION_DELIVERY_PERMISSIONS,
    NOTIFICATION_PERMISSIONS,
    NotificationDeliveryServicer,
    NotificationServicer,
)


def notification_registrations(database: Database) -> list[Registration]:
    """NotificationService and NotificationDeliveryService with their permissions."""
    services = notification_pb2.DESCRIPTOR.services_by_name
    return [
        Registration(
            services["NotificationService"],
            notification_pb2_grpc.add_NotificationServiceServicer_to_server,
            NotificationServicer(database.guarded(admit)),
            NOTIFICATION_PERMISSIONS,
        ),
        Registration(
            services["NotificationDeliveryService"],
            notification_pb2_grpc.add_NotificationDeliveryServiceServicer_to_server,
            NotificationDeliveryServicer(database),
            NOTIFICATION_DELIVERY_PERMISSIONS,
        ),
    ]
